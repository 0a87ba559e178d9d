import { once } from 'node:events'
import { join, resolve } from 'node:path'
import { Command, InvalidArgumentError, Option } from 'commander'
import { type FolderClaim, claimOrSayWho } from './deploy/local/claim-folder.ts'
import { findFreePort } from './deploy/local/free-port.ts'
import { interruption } from './deploy/local/interruption.ts'
import { checkAddress, localUrl } from './deploy/local/listen-address.ts'
import { type LocalDatabase, openLocalDatabase } from './deploy/local/local-database.ts'
import { LocalError } from './deploy/local/local-error.ts'
import { type PublishedRelease, publishedRelease } from './deploy/local/published-release.ts'
import type { SampleOptions } from './deploy/local/sample-catalogue.ts'
import { type ServerProcess, prepareServer } from './deploy/local/server-process.ts'
import { prepareWatchedServer } from './deploy/local/watched-server.ts'
import { welcome } from './deploy/local/welcome.ts'
import { EtlError } from './etl/etl-error.ts'
import { type Config, ConfigError, readConfig } from './lib/config.ts'

interface Flags {
  readonly data: string
  readonly products: number
  readonly watch: boolean
}

const root = import.meta.dirname
const givenUrl = process.env['DATABASE_URL']

// Its upper bound is the generator's to check, which is loaded only when a sample is made.
const productCount = (text: string) => {
  if (/^[1-9]\d*$/.test(text)) return Number(text)
  throw new InvalidArgumentError('Expected a whole number from 1 up.')
}

const program = new Command('npm start --')
  .description(
    'Serves a sample catalogue from an embedded PostgreSQL: nothing to install, nothing to configure.',
  )
  .addOption(
    new Option('--data <folder>', 'where the database and the sample are kept')
      .env('DATA_DIR')
      .default(join(root, '.data'), '.data'),
  )
  .addOption(
    new Option('--products <n>', 'how many products the sample has, when it is made')
      .env('SAMPLE_PRODUCTS')
      .default(10_000)
      .argParser(productCount),
  )
  .option('--watch', 'restart the server when one of its source files changes', false)
  .addHelpText(
    'after',
    `
Environment:
  DATABASE_URL  use this PostgreSQL (15 or later) instead of the embedded one; the sample is
                imported only when no release is published there
  HOST, PORT    where the server listens (127.0.0.1, 3000)
  and every other setting of the server: see README.md`,
  )
  .action((flags: Flags) => run(flags, interruption()))

try {
  await program.parseAsync()
} catch (error) {
  process.exitCode = 1
  const mendable = [LocalError, EtlError, ConfigError].some((kind) => error instanceof kind)
  console.error(mendable ? `npm start: ${(error as Error).message}` : error)
}

interface Opened {
  claim?: FolderClaim
  server?: ServerProcess
  database?: LocalDatabase
}

/** Opens everything, waits for `signal` or for the loss of a part, and closes what was opened, the database last. */
async function run(flags: Flags, signal: AbortSignal) {
  const opened: Opened = {}
  try {
    await serve(flags, signal, opened)
  } catch (error) {
    // Whatever was under way when we were told to stop has failed, and that is what was asked for.
    if (!signal.aborted) throw error
  } finally {
    await opened.server?.stop()
    await opened.database?.stop()
    await opened.claim?.release()
  }
}

async function serve(flags: Flags, signal: AbortSignal, opened: Opened) {
  const startedMs = performance.now()
  const dir = resolve(flags.data)
  const { host, port: wantedPort } = readServerConfig()
  const claim = (opened.claim = await claimOrSayWho(dir))
  const port = wantedPort === 0 ? await findFreePort() : wantedPort
  await checkAddress(host, port)
  const prepare = flags.watch ? prepareWatchedServer : prepareServer
  const server = (opened.server = prepare({ root, bundle: join(dir, 'server', 'server.mjs') }))
  const database = (opened.database = await openLocalDatabase(
    givenUrl,
    join(dir, 'postgres'),
    signal,
  ))
  claim.describe('preparing the catalogue')
  const release = await ensureRelease(database, { dir, products: flags.products, signal })
  const url = localUrl(host, port)
  await server.serve({ url, signal, env: serverEnvironment(database.url, port) })
  claim.describe(`serving ${url}`)
  const seconds = (performance.now() - startedMs) / 1000
  console.log(welcome({ url, release, databaseDescription: database.description, seconds }))
  signal.throwIfAborted()
  await Promise.race([once(signal, 'abort'), database.lost, server.lost])
}

/** All mistakes of the environment before anything is started; DATABASE_URL alone may be missing here. */
function readServerConfig(): Config {
  return readConfig({ ...process.env, DATABASE_URL: givenUrl || 'postgres://embedded' })
}

async function ensureRelease(
  { url, name }: LocalDatabase,
  sample: Omit<SampleOptions, 'databaseUrl'>,
): Promise<PublishedRelease> {
  const before = await publishedRelease(url)
  if (before !== undefined) return before
  console.log(`No release is published in ${name}: importing a sample catalogue.`)
  // Loaded only when needed: CSV parsers and progress bars would cost every later start 100 ms.
  const { publishSample } = await import('./deploy/local/sample-catalogue.ts')
  await publishSample({ ...sample, databaseUrl: url })
  const after = await publishedRelease(url)
  if (after === undefined) throw new LocalError(`the sample was published in ${name}, and is gone`)
  return after
}

/** Quieter and quicker to stop than in production, unless told otherwise. */
function serverEnvironment(databaseUrl: string, port: number): NodeJS.ProcessEnv {
  return {
    LOG_LEVEL: process.env['LOG_LEVEL'] ?? 'warn',
    DRAIN_NOTICE_MS: process.env['DRAIN_NOTICE_MS'] ?? '0',
    DATABASE_URL: databaseUrl,
    PORT: String(port),
  }
}
