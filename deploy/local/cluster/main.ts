// npm run cluster: what production has, on this machine.
import { once } from 'node:events'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Command, InvalidArgumentError } from 'commander'
import { EtlError } from '../../../etl/etl-error.ts'
import { settings } from '../../../lib/config.ts'
import { claimOrSayWho, type FolderClaim } from '../claim-folder.ts'
import { interruption } from '../interruption.ts'
import { LocalError } from '../local-error.ts'
import { ensureBuiltServer } from './built-server.ts'
import { type Cluster, startCluster } from './cluster.ts'
import { showStatus } from './show-status.ts'
import { welcome } from './welcome.ts'

interface Flags {
  readonly instances: number
  readonly replicas: number
  readonly products: number
  readonly port: number
  readonly data: string
  readonly map?: string
  readonly status: boolean
}

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..')

const wholeNumber = (min: number, max: number) => (text: string) => {
  const value = Number(text)
  if (/^\d+$/.test(text) && value >= min && value <= max) return value
  throw new InvalidArgumentError(`Expected a whole number from ${min} to ${max}.`)
}

const program = new Command('npm run cluster --')
  .description(
    'Runs what production has on this machine: NGINX, instances of dist/server.js, a PostgreSQL primary and its replicas.\n' +
      'What dies is started again. Ctrl-C ends all; the next start comes back with the same catalogue.',
  )
  .option('--instances <n>', 'how many instances NGINX balances', wholeNumber(1, 16), 2)
  .option('--replicas <n>', 'how many streaming replicas the primary has', wholeNumber(0, 4), 1)
  .option(
    '--products <n>',
    'how many products the catalogue has; another number imports anew',
    wholeNumber(1, 1_000_011),
    10_000,
  )
  .option('--port <n>', 'where NGINX listens; 0 takes a free port', wholeNumber(0, 65_535), 8080)
  .option('--map <file>', 'keeps addresses and process ids written down there, as JSON')
  .option(
    '--data <folder>',
    'where databases, catalogue and logs are kept',
    join(root, '.data', 'cluster'),
  )
  .option('--status', 'shows the cluster that runs in the folder, each second on a terminal', false)
  .addHelpText(
    'after',
    `
Settings of the instances, such as REPLY_CACHE_BYTES_MAX, are taken from the environment: see README.md.`,
  )
  .action((flags: Flags) => run(flags, interruption()))

try {
  await program.parseAsync()
} catch (error) {
  process.exitCode = 1
  const mendable = [LocalError, EtlError].some((kind) => error instanceof kind)
  console.error(mendable ? `npm run cluster: ${(error as Error).message}` : error)
}

async function run(flags: Flags, signal: AbortSignal) {
  const dir = resolve(flags.data)
  if (flags.status) return showStatus(dir, signal)
  const claim = await claimOrSayWho(dir)
  try {
    await serve(flags, dir, claim, signal)
  } catch (error) {
    // Whatever was under way when we were told to stop has failed, and that is what was asked for.
    if (!signal.aborted) throw error
  } finally {
    await claim.release()
  }
}

async function serve(flags: Flags, dir: string, claim: FolderClaim, signal: AbortSignal) {
  const startedMs = performance.now()
  const cluster: Cluster = await startCluster({
    ...flags,
    dir,
    server: await ensureBuiltServer(root),
    env: givenSettings(),
    mapFile: flags.map === undefined ? undefined : resolve(flags.map),
    report: (line) => console.log(`${new Date().toISOString()} ${line}`),
    signal,
  })
  try {
    claim.describe(`a cluster at ${cluster.url}`)
    console.log(welcome(cluster, dir, (performance.now() - startedMs) / 1000))
    if (!signal.aborted) await once(signal, 'abort')
  } finally {
    await cluster.stop()
  }
}

/** What the environment says to the server, but for where it listens and what it reads from. */
function givenSettings(): Record<string, string> {
  const ours = [settings.databaseUrl, settings.replicaUrls, settings.host, settings.port]
  const names = Object.values(settings)
    .filter((setting) => !ours.some(({ name }) => name === setting.name))
    .map(({ name }) => name)
  return Object.fromEntries(
    names.flatMap((name) => {
      const text = process.env[name]
      return text === undefined ? [] : [[name, text]]
    }),
  )
}
