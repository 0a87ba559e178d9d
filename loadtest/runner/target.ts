import { readClusterMap } from './cluster-map.ts'
import type { ClusterMap } from './cluster-map.ts'
import { startCluster } from './cluster.ts'
import type { ScenarioEntry } from './scenarios.ts'

/** A part of what is tested, whose CPU and memory are followed. */
export type PartSource =
  | { readonly name: string; readonly pid: number }
  | { readonly name: string; readonly metricsUrl: string }

export interface Target {
  readonly url: string
  /** True when generator and service share this machine. */
  readonly local: boolean
  readonly parts: readonly PartSource[]
  /** The processes behind it, each by itself, where they can be reached. */
  readonly instanceUrls: readonly string[]
  stop(): Promise<void>
}

export interface TargetOptions {
  readonly target?: string
  readonly map?: string
  readonly products: number
  readonly folder: string
  /** Ends the wait for a cluster. */
  readonly signal: AbortSignal
}

/** The address given, else the cluster of the map given, else a cluster of our own. */
export async function openTarget(options: TargetOptions): Promise<Target> {
  if (options.target !== undefined) return targetAt(options.target)
  if (options.map !== undefined) {
    const map = readClusterMap(options.map)
    if (map === undefined) throw new Error(`${options.map}: expected the map of a running cluster`)
    return targetOf(map, async () => {})
  }
  const cluster = await startCluster(options.products, options.folder, options.signal)
  return targetOf(cluster.map, () => cluster.stop())
}

/** Throws before the load when a scenario could not see of a target what it is run for: a soak takes hours. */
export function expectSeen(
  { name, sees }: ScenarioEntry,
  { url, parts, instanceUrls }: Target,
): void {
  if (sees === 'metrics' && instanceUrls.length === 0) {
    throw new Error(
      `${name}: expected /metrics at ${url}, which NGINX does not pass on, none came. ` +
        'Give --map FILE of a cluster on this machine, or one process as --target.',
    )
  }
  if (sees === 'cpu' && !parts.some((part) => part.name === 'nginx')) {
    throw new Error(
      `${name}: expected processes of NGINX, API and PostgreSQL on this machine, came ${url}. ` +
        'Give --map FILE of a cluster, or neither: one is started then.',
    )
  }
}

async function targetAt(address: string): Promise<Target> {
  const url = parseUrl(address)
  const metricsUrl = new URL('/metrics', url).href
  const parts = (await servesMetrics(metricsUrl)) ? [{ name: 'service', metricsUrl }] : []
  return {
    url: url.origin,
    local: ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname),
    parts,
    instanceUrls: parts.map(() => url.origin),
    stop: async () => {},
  }
}

function targetOf(map: ClusterMap, stop: () => Promise<void>): Target {
  const { nginx, instances, databases } = map
  const replicas = databases.filter(({ role }) => role === 'replica')
  return {
    url: new URL(nginx.url).origin,
    local: true,
    parts: [
      { name: 'nginx', pid: nginx.pid },
      ...instances.map(({ pid }, i) => ({ name: named('instance', i, instances), pid })),
      ...databases
        .filter(({ role }) => role === 'primary')
        .map(({ pid }) => ({ name: 'primary', pid })),
      ...replicas.map(({ pid }, i) => ({ name: named('replica', i, replicas), pid })),
    ],
    instanceUrls: instances.map(({ url }) => new URL(url).origin),
    stop,
  }
}

function named(name: string, i: number, { length }: { length: number }): string {
  return length === 1 ? name : `${name} ${i + 1}`
}

function parseUrl(address: string): URL {
  const url = URL.canParse(address) ? new URL(address) : undefined
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url
  throw new Error(`--target: expected a URL like http://127.0.0.1:3000, came "${address}"`)
}

async function servesMetrics(url: string): Promise<boolean> {
  try {
    const reply = await fetch(url, { signal: AbortSignal.timeout(2000) })
    return reply.ok && (await reply.text()).includes('process_cpu_seconds_total')
  } catch {
    return false
  }
}
