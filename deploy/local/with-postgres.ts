// npm run with-postgres -- COMMAND ...: runs a command with DATABASE_URL of an empty, throw-away PostgreSQL.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp } from 'node:fs/promises'
import { constants, tmpdir } from 'node:os'
import { join } from 'node:path'
import { removeEmbeddedPostgres, startEmbeddedPostgres } from './embedded-postgres.ts'

const [file, ...args] = process.argv.slice(2)
if (file === undefined) {
  console.error('usage: npm run with-postgres -- COMMAND [ARGUMENTS]')
  process.exit(2)
}

// The command gets Ctrl-C from the terminal as well; we wait for its end.
process.on('SIGINT', () => undefined)
const dir = await mkdtemp(join(tmpdir(), 'product-overview-postgres-'))
const server = await startEmbeddedPostgres({ dir, durable: false })
const child = spawn(file, args, {
  stdio: 'inherit',
  env: { ...process.env, DATABASE_URL: server.url },
})
process.on('SIGTERM', () => child.kill('SIGTERM'))
try {
  const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null]
  process.exitCode = signal === null ? (code ?? 1) : 128 + constants.signals[signal]
} catch (error) {
  console.error(`cannot run ${file}: ${(error as Error).message}`)
  process.exitCode = 127
} finally {
  await server.stop()
  await removeEmbeddedPostgres(server, dir)
}
