import { randomUUID } from 'node:crypto'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { inject } from 'vitest'
import { removeEmbeddedPostgres, startEmbeddedPostgres } from '../deploy/local/embedded-postgres.ts'
import { signalFamily, signalProcess } from '../deploy/local/processes.ts'
import { onceForRun } from './once-for-run.ts'
import { copyPostgresData } from './postgres-data.ts'

export interface TestDatabase {
  readonly url: string
  /** Ends its connections and removes it. */
  readonly drop: () => Promise<void>
}

/** A database of its own for a test file, on the PostgreSQL of the whole run: empty, or with the published sample. */
export const createDatabase = ({
  template = 'empty',
}: { template?: 'empty' | 'sample' } = {}): Promise<TestDatabase> =>
  newDatabase(inject('postgresUrl'), template === 'empty' ? 'template0' : inject('sampleDatabase'))

/** Makes a database to be copied, once for a run for each key (letters and digits). Returns its name. */
export const createTemplate = async (
  key: string,
  fill: (url: string) => Promise<unknown>,
): Promise<string> => {
  const serverUrl = inject('postgresUrl')
  const name = `${inject('templatePrefix')}_${key}`
  await onceForRun(name, async () => {
    const { url } = await newDatabase(serverUrl, 'template0', name)
    await fill(url)
    await closeTemplate(serverUrl, name)
  })
  return name
}

/** A copy of a template, for a test alone. */
export const copyDatabase = (template: string): Promise<TestDatabase> =>
  newDatabase(inject('postgresUrl'), template)

/** A database is copied only while nobody is connected to it. */
export const closeTemplate = (serverUrl: string, name: string) =>
  runStatement(serverUrl, `alter database ${name} allow_connections false`)

/** For the set-up of the run, which has nothing injected yet. */
export const newDatabase = async (
  serverUrl: string,
  template: string,
  name = `test_${randomUUID().replaceAll('-', '')}`,
): Promise<TestDatabase & { readonly name: string }> => {
  await runStatement(serverUrl, `create database ${name} template ${template} encoding 'UTF8'`)
  return {
    name,
    url: withDatabase(serverUrl, name),
    drop: () => runStatement(serverUrl, `drop database ${name} with (force)`),
  }
}

/** A PostgreSQL of its own that a test may stop, kill and freeze; it comes back at the same url. */
export interface TestPostgres {
  readonly url: string
  /** The postmaster's; another one after each start. */
  readonly pid: number
  /** As an operator stops it: connections end, nothing committed is lost. */
  readonly stop: () => Promise<void>
  /** `kill -9` of the postmaster; its children end by themselves. */
  readonly kill: () => Promise<void>
  /** Starts it again with its data, after a stop or a kill. */
  readonly start: () => Promise<void>
  /** Stops all its processes in mid-air: it still accepts TCP connections and answers nothing. */
  readonly freeze: () => Promise<void>
  readonly thaw: () => Promise<void>
  /** Ends it, in whatever state it is, and removes its data. */
  readonly drop: () => Promise<void>
}

/** Starts a throw-away PostgreSQL, empty, with its data in a temporary folder. */
export const startPostgres = async (): Promise<TestPostgres> => {
  const dir = await mkdtemp(join(tmpdir(), 'product-overview-postgres-'))
  await copyPostgresData(dir)
  const begin = (port?: number) => startEmbeddedPostgres({ dir, durable: false, port })
  let server = await begin()
  return {
    url: server.url,
    get pid() {
      return server.pid
    },
    stop: () => server.stop(),
    kill: async () => {
      signalProcess(server.pid, 'SIGKILL')
      await server.ended
    },
    start: async () => {
      server = await begin(server.port)
    },
    freeze: () => signalFamily(server.pid, 'SIGSTOP'),
    thaw: () => signalFamily(server.pid, 'SIGCONT'),
    drop: async () => {
      await server.stop()
      await removeEmbeddedPostgres(server, dir)
    },
  }
}

const withDatabase = (serverUrl: string, name: string) => {
  const url = new URL(serverUrl)
  url.pathname = `/${name}`
  return url.href
}

/** One statement on a connection of its own; `create database` allows no other way. */
export const runStatement = async (url: string, statement: string) => {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 10_000 })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
