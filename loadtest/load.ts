import { loadProgram } from './runner/program.ts'

const stopping = new AbortController()
// k6 hears Ctrl-C by itself and ends in order; the report is written then, and the cluster stopped.
process.on('SIGINT', () => stopping.abort('SIGINT'))
process.on('SIGTERM', () => stopping.abort('SIGTERM'))

try {
  await loadProgram(stopping.signal).parseAsync()
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
