import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

import { readClusterMap } from './cluster-map.ts'
import type { ClusterMap } from './cluster-map.ts'

// A million products are generated and imported first: minutes, where 10,000 take seconds.
const startMaxS = 1800
const stopMaxS = 30
const pollMs = 250

export interface Cluster {
  readonly map: ClusterMap
  stop(): Promise<void>
}

/**
 * Starts the local cluster with a catalogue of `products` and resolves when its NGINX answers a list.
 * `folder` is where the map is kept. Its output goes to stderr.
 */
export async function startCluster(
  products: number,
  folder: string,
  signal: AbortSignal,
): Promise<Cluster> {
  const mapFile = join(folder, 'cluster.json')
  const options = ['--map', mapFile, '--products', String(products)]
  // A process group of its own: Ctrl-C reaches k6 first, and the cluster when the report is written.
  const child = spawn('npm', ['run', '--silent', 'cluster', '--', ...options], {
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  child.stdout.pipe(process.stderr)
  try {
    return { map: await answering(child, mapFile, signal), stop: () => stopGroup(child) }
  } catch (error) {
    await stopGroup(child)
    throw error
  }
}

async function answering(
  child: ChildProcess,
  mapFile: string,
  signal: AbortSignal,
): Promise<ClusterMap> {
  const deadline = Date.now() + startMaxS * 1000
  while (Date.now() < deadline) {
    if (signal.aborted) throw new Error('Stopped before the cluster answered.')
    if (child.exitCode !== null) {
      throw new Error(`npm run cluster: expected it to go on, it ended with code ${child.exitCode}`)
    }
    const map = readClusterMap(mapFile)
    if (map !== undefined && (await answers(map.nginx.url))) return map
    await sleep(pollMs)
  }
  throw new Error(`npm run cluster: expected an answer within ${startMaxS} s, none came`)
}

async function answers(url: string): Promise<boolean> {
  try {
    const reply = await fetch(new URL('/products?count=1', url), {
      signal: AbortSignal.timeout(2000),
    })
    return reply.ok
  } catch {
    return false
  }
}

async function stopGroup(child: ChildProcess): Promise<void> {
  signalGroup(child, 'SIGINT')
  const deadline = Date.now() + stopMaxS * 1000
  while (child.exitCode === null && child.signalCode === null && Date.now() < deadline) {
    await sleep(pollMs)
  }
  if (child.exitCode === null && child.signalCode === null) signalGroup(child, 'SIGKILL')
}

function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  try {
    if (pid !== undefined) process.kill(-pid, signal)
  } catch {
    // The group has ended already.
  }
}
