import { EtlError } from '../etl-error.ts'

const interruptedExitCode = 130

/** Aborts at the first Ctrl-C or SIGTERM, so that the command cleans up after itself; the second one ends it at once. */
export function interruption(): AbortSignal {
  const controller = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () =>
      controller.abort(new EtlError(`stopped by ${signal}`, { exitCode: interruptedExitCode })),
    )
  }
  return controller.signal
}
