import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { NginxSettings } from '../../nginx/settings.ts'
import { findFreePort } from '../free-port.ts'
import { holdSockets } from '../held-sockets.ts'
import { checkAddress } from '../listen-address.ts'
import type { PublishedRelease } from '../published-release.ts'
import { waitUntilReady } from '../server-process.ts'
import { ensureCatalogue } from './catalogue.ts'
import { type ClusterParts, keepMap } from './cluster-map.ts'
import { type ClusterObserver, type ClusterPart, createPart } from './cluster-part.ts'
import { createClosers } from './closers.ts'
import { createPrimary, createReplica, type DatabasePart } from './database-part.ts'
import { startInstance } from './instance.ts'
import { createNginxPart, requireNginx } from './nginx-part.ts'

export interface ClusterOptions {
  /** Absolute; holds the databases, the catalogue and the logs. One cluster at a time may use it. */
  readonly dir: string
  /** The bundle that the instances run, dist/server.js. */
  readonly server: string
  readonly instances: number
  readonly replicas: number
  /** How many products the catalogue is made of, when it is made. */
  readonly products: number
  /** Where NGINX listens; 0 takes a free port. */
  readonly port: number
  /** Kept up to date from when all runs until the end; see ClusterMap. */
  readonly mapFile?: string | undefined
  /** By what url the instances reach a database, when a test puts a proxy before it. Default its own. */
  readonly reach?: (database: DatabasePart) => Promise<string>
  /** Settings of the instances besides their databases. */
  readonly env?: Readonly<Record<string, string>>
  readonly nginx?: Partial<NginxSettings>
  /** False gives up the databases' safety against a power cut for speed; for tests. Default true. */
  readonly durable?: boolean
  /** Told of what happens without having been asked for: a part that ended, is back, or is given up. */
  readonly report?: (line: string) => void
  /** Told how the import of the catalogue gets on. Default console.log. */
  readonly log?: (text: string) => void
  /** Ends the start; a cluster that runs is ended by `stop`. */
  readonly signal?: AbortSignal
}

/** A running cluster: every part can be broken by itself, and comes back as systemd would bring it back. */
export interface Cluster extends ClusterParts {
  /** Where clients ask. */
  readonly url: string
  readonly release: PublishedRelease
  /** Replaces the instances one after the other. */
  readonly rollingRestart: () => Promise<void>
  /** Ends all parts in order. */
  readonly stop: () => Promise<void>
}

/**
 * Starts what production has, with real parts: NGINX before instances of the bundle, which read from a primary and its
 * streaming replicas. Resolves when it answers; when something does not start, what was started is ended, and it throws.
 */
export const startCluster = async (options: ClusterOptions): Promise<Cluster> => {
  const closers = createClosers()
  const ending = new AbortController()
  const signals = [ending.signal, ...(options.signal ? [options.signal] : [])]
  const stop = async () => {
    ending.abort()
    await closers.close()
  }
  try {
    const parts = await startParts(options, AbortSignal.any(signals), closers.add)
    return { ...parts, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

type OnClose = (close: () => Promise<void>) => void

const startParts = async (
  options: ClusterOptions,
  signal: AbortSignal,
  onClose: OnClose,
): Promise<Omit<Cluster, 'stop'>> => {
  const { dir, report = console.log } = options
  const map = keepMap(dir, options.mapFile)
  const observer = { report, onChange: map.update }
  await requireNginx()
  await checkAddress('127.0.0.1', options.port, portAdvice)
  await mkdir(dir, { recursive: true })
  const { databases, release } = await startDatabases(options, signal, observer, onClose)
  const instances = await startInstances(options, databases, signal, observer, onClose)
  const nginx = await startNginxBefore(instances, options, observer, onClose)
  const parts = { nginx, instances, databases }
  onClose(map.remove)
  await map.begin(parts)
  const rollingRestart = async () => {
    for (const instance of instances) await instance.restart()
  }
  return { ...parts, url: nginx.url, release, rollingRestart }
}

const portAdvice =
  'choose another with --port, for example --port 8090, or --port 0 for any free one'

const startDatabases = async (
  { dir, durable = true, products, replicas, log = console.log }: ClusterOptions,
  signal: AbortSignal,
  observer: ClusterObserver,
  onClose: OnClose,
) => {
  const common = { dir, durable, signal }
  const primary = await createPrimary(common, observer)
  onClose(primary.stop)
  await primary.start()
  // Before the replicas, which then copy it instead of following a million rows.
  const release = await ensureCatalogue({ databaseUrl: primary.url, dir, products, signal, log })
  const copies = await Promise.all(
    numbers(replicas).map((number) => createReplica(number, primary, common, observer)),
  )
  onClose(() => all(copies, (replica) => replica.stop()))
  await all(copies, (replica) => replica.start())
  return { release, databases: [primary, ...copies] }
}

const startInstances = async (
  { dir, server, instances: count, env = {}, reach = directly }: ClusterOptions,
  databases: readonly DatabasePart[],
  signal: AbortSignal,
  observer: ClusterObserver,
  onClose: OnClose,
) => {
  const { sockets, release } = await holdSockets(count)
  onClose(release)
  const [databaseUrl, ...replicaUrls] = await Promise.all(databases.map(reach))
  const settings = {
    LOG_LEVEL: 'warn',
    DATABASE_URL: databaseUrl,
    REPLICA_URLS: replicaUrls.join(','),
    ...env,
  }
  const instances = sockets.map((socket, index) => {
    const url = `http://127.0.0.1:${socket.port}`
    const logFile = join(dir, `instance-${index + 1}.log`)
    const begin = () => startInstance({ server, socket, env: settings, logFile })
    const ready = () => waitUntilReady(url, signal, `see ${logFile}`)
    return createPart({ name: `instance ${index + 1}`, url, begin, ready }, observer)
  })
  onClose(() => all(instances, (instance) => instance.stop()))
  await all(instances, (instance) => instance.start())
  return instances
}

const directly = ({ url }: DatabasePart) => Promise.resolve(url)

const startNginxBefore = async (
  instances: readonly ClusterPart[],
  { dir, port: wantedPort, nginx: settings }: ClusterOptions,
  observer: ClusterObserver,
  onClose: OnClose,
) => {
  const port = wantedPort === 0 ? await findFreePort() : wantedPort
  const addresses = instances.map(({ url }) => new URL(url).host)
  const nginx = await createNginxPart(
    { dir: join(dir, 'nginx'), port, instances: addresses, settings },
    observer,
  )
  onClose(nginx.forget)
  onClose(nginx.stop)
  await nginx.start()
  return nginx
}

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index + 1)

/** Does the same to all at once and waits for all, also when one fails. */
const all = async <T>(items: readonly T[], work: (item: T) => Promise<void>) => {
  const results = await Promise.allSettled(items.map(work))
  const failed = results.find((result) => result.status === 'rejected')
  if (failed !== undefined) throw failed.reason
}
