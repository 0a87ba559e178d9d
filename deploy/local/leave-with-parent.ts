// Put into the bundle of the server that dev.ts starts: when dev.ts is killed, the server would hold its port for ever.
process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'))
// The listener alone would keep a drained server alive.
process.channel?.unref()
