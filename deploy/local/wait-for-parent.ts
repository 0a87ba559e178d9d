// Preloaded into the server that dev.ts starts. It holds server.ts back until dev.ts sends the environment, so that
// Node boots while the database does; and it ends the server when dev.ts is killed, or it would hold its port for ever.
process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'))
const environment = await new Promise<NodeJS.ProcessEnv>((resolve) => {
  process.once('message', (message) => resolve(message as NodeJS.ProcessEnv))
})
Object.assign(process.env, environment)
// The listener above would keep a drained server alive.
process.channel?.unref()
