import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { removeEmbeddedPostgres, startEmbeddedPostgres } from '../deploy/local/embedded-postgres.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** The server on which test files make their databases: see test/database.ts. */
    postgresUrl: string
  }
}

/** One PostgreSQL for the whole run: TEST_DATABASE_URL when it is set, else the embedded one in a temporary folder. */
export default async function setup(project: TestProject) {
  const { url, stop } = await findServer()
  project.provide('postgresUrl', url)
  return stop
}

const findServer = async () => {
  const url = process.env['TEST_DATABASE_URL']
  return url === undefined ? startServer() : { url, stop: () => Promise.resolve() }
}

const startServer = async () => {
  const dir = await mkdtemp(join(tmpdir(), 'product-overview-test-'))
  const server = await startEmbeddedPostgres({ dir, durable: false })
  const stop = async () => {
    await server.stop()
    await removeEmbeddedPostgres(server, dir)
  }
  return { url: server.url, stop }
}
