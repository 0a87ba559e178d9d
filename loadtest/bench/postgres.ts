import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { Client } from 'pg'
import { startChild, waitUntilReady } from './child.ts'
import { findPostgresPrograms, startInstalledPostgres } from './postgres-programs.ts'
import { parentOf } from './process-cost.ts'

const embeddedStartMsMax = 120_000

/** The PostgreSQL that every contestant reads. */
export interface BenchPostgres {
  /** Of a user who may create databases. */
  readonly url: string
  readonly version: string
  /** The settings that matter for reading, as they are. */
  readonly settings: Readonly<Record<string, string>>
  /** The root of its processes; undefined when it runs elsewhere, and then its CPU time is not measured. */
  readonly postmasterPid: number | undefined
}

/**
 * The PostgreSQL of DATABASE_URL if that is set, else one of our own: of the programs installed on this machine, else of the
 * npm package. Our own keeps its data, so that the next bench finds its catalogues.
 */
export const openPostgres = async (logDir: string): Promise<BenchPostgres> => {
  const given = process.env['DATABASE_URL']
  if (given !== undefined && given !== '') return describePostgres(given)
  const programs = await findPostgresPrograms()
  return describePostgres(
    await (programs === undefined
      ? startEmbeddedPostgres(logDir)
      : startInstalledPostgres(programs, logDir)),
  )
}

/** Runs `work` with a connection of its own. */
export const withClient = async <T>(
  url: string,
  work: (client: Client) => Promise<T>,
): Promise<T> => {
  const client = new Client(url)
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

/** The URL of another database of the same server. */
export const databaseUrlOf = (url: string, database: string): string => {
  const other = new URL(url)
  other.pathname = `/${database}`
  return other.href
}

// A program of one line, because the bench imports nothing of ours: it prints the URL and runs until it is told to stop.
const embeddedProgram = `
  import { startEmbeddedPostgres } from './deploy/local/embedded-postgres.ts'
  const postgres = await startEmbeddedPostgres({ dir: process.argv[1] })
  console.log('url', postgres.url)
  process.on('SIGTERM', () => postgres.stop())
  await postgres.ended`

const startEmbeddedPostgres = async (logDir: string) => {
  const directory = join(process.cwd(), '.data', 'bench', 'embedded-postgres')
  await mkdir(directory, { recursive: true })
  const child = await startChild({
    command: process.execPath,
    args: ['--import', 'tsx', '--input-type=module', '--eval', embeddedProgram, directory],
    log: join(logDir, 'postgres.log'),
  })
  const url = () => /^url (.+)$/m.exec(child.lastWords())?.[1]
  const isReady = () => Promise.resolve(url() !== undefined)
  await waitUntilReady('the embedded PostgreSQL', [child], isReady, embeddedStartMsMax)
  return url() as string
}

const reportedSettings = ['shared_buffers', 'random_page_cost', 'jit', 'wal_level', 'fsync']

const describePostgres = (url: string) =>
  withClient(url, async (client): Promise<BenchPostgres> => {
    const { rows } = await client.query<{ name: string; value: string }>(
      `select name, current_setting(name) as value from pg_settings where name = any($1)`,
      [['server_version', ...reportedSettings]],
    )
    const { server_version: version = 'unknown', ...settings } = Object.fromEntries(
      rows.map(({ name, value }) => [name, value]),
    )
    return { url, version, settings, postmasterPid: await postmasterOf(client) }
  })

// A backend's number means something here only if a process of that number has PostgreSQL's name: the server may run
// elsewhere, or in a container with numbers of its own.
const postmasterOf = async (client: Client) => {
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid')
  return rows[0] === undefined ? undefined : parentOf(rows[0].pid, 'postgres')
}
