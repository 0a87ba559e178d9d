import { Client, type ClientConfig, Pool } from 'pg'
import { connectionLost, explainDatabaseFailure } from './database-failure.ts'
import { EtlError } from './etl-error.ts'

const connectTimeoutMs = 10_000
/** A backend that is to end looks up from its work many times a second; each is waited for. */
const loaderEndMsMax = 5000

/**
 * Settings of every connection that loads a release. The load is thrown away when it fails, so nothing
 * waits for the disk before the last commit; sorts for the indexes get memory; plans are not compiled,
 * which costs more than it saves for ranges of documents.
 */
const loadSettings = {
  synchronous_commit: 'off',
  maintenance_work_mem: '256MB',
  work_mem: '64MB',
  jit: 'off',
  // There is other work for every core: workers only add a fifth to the CPU time of an index.
  max_parallel_maintenance_workers: '0',
  max_parallel_workers_per_gather: '0',
  // What is read along an index was written a moment ago, nearly in its order.
  random_page_cost: '1.1',
  statement_timeout: '0',
  idle_in_transaction_session_timeout: '0',
  client_encoding: 'UTF8',
}

/** One connection for the catalogue's book-keeping; rejects with an `EtlError` when the database cannot be reached. */
export async function connectControl(databaseUrl: string): Promise<Client> {
  checkUrl(databaseUrl)
  const client = new Client(connection(databaseUrl, {}))
  client.on('error', ignore)
  try {
    await client.connect()
  } catch (error) {
    throw unreachable(databaseUrl, error)
  }
  await checkEncoding(client).catch(async (error: unknown) => {
    await client.end()
    throw error
  })
  return client
}

function checkUrl(databaseUrl: string): void {
  const isUrl = URL.canParse(databaseUrl) && /^postgres(ql)?:\/\//.test(databaseUrl)
  if (isUrl) return
  throw new EtlError(
    `the database: expected postgres://user:password@host:port/database, came ${withoutPassword(databaseUrl)}`,
  )
}

async function checkEncoding(client: Client): Promise<void> {
  const { rows } = await client.query<{ encoding: string; name: string }>(
    "select current_setting('server_encoding') as encoding, current_database() as name",
  )
  const { encoding, name } = rows[0]!
  if (encoding === 'UTF8') return
  throw new EtlError(
    `the database ${name}: expected the encoding UTF8, it has ${encoding}. Make one with ` +
      "create database NAME template template0 encoding 'UTF8'",
  )
}

/**
 * Runs `work` on one such connection and ends it. `lost` aborts when the connection ends before the work: the import lock
 * ends with it, so nothing may go on. Failures of the database are thrown as explained ones.
 */
export async function withControl<T>(
  databaseUrl: string,
  work: (control: Client, lost: AbortSignal) => Promise<T>,
): Promise<T> {
  const control = await connectControl(databaseUrl)
  const lost = new AbortController()
  control.once('end', () => lost.abort(connectionLost('the one that holds the import lock')))
  try {
    return await work(control, lost.signal)
  } catch (error) {
    throw explainDatabaseFailure(error)
  } finally {
    await control.end()
  }
}

/** The signal that aborts as soon as one of these does. */
export const anySignal = (...signals: readonly (AbortSignal | undefined)[]): AbortSignal =>
  AbortSignal.any(signals.filter((signal) => signal !== undefined))

/** Up to `connectionsMax` connections whose unqualified names mean the tables of `schema`; they carry its name. */
export function openLoadPool(databaseUrl: string, schema: string, connectionsMax: number): Pool {
  const pool = new Pool({
    ...connection(databaseUrl, { ...loadSettings, search_path: schema }),
    application_name: loaderName(schema),
    // The pool would count the time that a file waits for its turn; the control connection has shown the way already.
    connectionTimeoutMillis: 0,
    max: connectionsMax,
  })
  pool.on('error', ignore)
  // A connection that is lent out has no listener of the pool's, and may die between two statements.
  pool.on('connect', (client) => client.on('error', ignore))
  return pool
}

/**
 * Ends whatever is still loading `schema`: statements that outlived their import, or the rest of one that failed. A
 * backend whose client was killed notices it only when it next speaks to it, and holds its locks until then. Other
 * databases of the server may be loading a release of the same number.
 */
export async function endLoaders(control: Client, schema: string): Promise<void> {
  await control.query(
    `select pg_terminate_backend(pid, $2) from pg_stat_activity
     where application_name = $1 and datname = current_database()`,
    [loaderName(schema), loaderEndMsMax],
  )
}

/** A connection that died fails its next query with the same reason; unheard, the event would end the process. */
function ignore(): void {}

const loaderName = (schema: string) => `product-overview etl ${schema}`

function connection(databaseUrl: string, settings: Record<string, string>): ClientConfig {
  const options = Object.entries(settings).map(([name, value]) => `-c ${name}=${value}`)
  return {
    connectionString: databaseUrl,
    // The process is what an operator looks for when another command says who holds the lock.
    application_name: `product-overview etl, process ${process.pid}`,
    connectionTimeoutMillis: connectTimeoutMs,
    keepAlive: true,
    ...(options.length > 0 && { options: options.join(' ') }),
  }
}

function unreachable(databaseUrl: string, error: unknown): EtlError {
  const { code, message } = error as NodeJS.ErrnoException
  return new EtlError(
    `the database at ${withoutPassword(databaseUrl)} does not answer: ${message || code}. ` +
      'Is it running, and is DATABASE_URL right?',
    { cause: error },
  )
}

/** A connection string that may be shown: its password is replaced by `***`. */
export function withoutPassword(databaseUrl: string): string {
  try {
    const url = new URL(databaseUrl)
    if (url.password !== '') url.password = '***'
    url.searchParams.delete('password')
    return url.href
  } catch {
    return '(not a URL)'
  }
}
