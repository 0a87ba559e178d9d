/** A second Ctrl-C means "at once"; npm passes the first one on, so that it arrives twice within milliseconds. */
const impatientAfterMs = 1_000
const interruptedExitCode = 130

/** Aborts at the first SIGINT (Ctrl-C), SIGTERM or SIGHUP (the terminal was closed). */
export const interruption = (): AbortSignal => {
  const controller = new AbortController()
  let firstAtMs = 0
  const interrupt = () => {
    if (firstAtMs > 0 && performance.now() - firstAtMs > impatientAfterMs)
      process.exit(interruptedExitCode)
    if (firstAtMs > 0) return
    firstAtMs = performance.now()
    console.log('\nStopping ...')
    controller.abort()
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, interrupt)
  return controller.signal
}
