import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  type Cluster,
  type ClusterOptions,
  startCluster,
} from '../../deploy/local/cluster/cluster.ts'
import { endLoads } from './load/load.ts'
import { buildBundles } from '../lib/bundles.ts'

const products = 10_000

/** What faults are run on: one cluster after the other, of one catalogue. */
export interface Stage {
  /** Shortened, as CI has it. */
  readonly isQuick: boolean
  readonly dir: string
  /** Waits; rejects when the run is interrupted. */
  readonly wait: (ms: number) => Promise<void>
  /** Runs `work` on a cluster of its own, which is ended afterwards. */
  readonly withCluster: <T>(
    work: (cluster: Cluster) => Promise<T>,
    options?: Partial<Pick<ClusterOptions, 'reach' | 'env' | 'nginx' | 'products'>>,
  ) => Promise<T>
  readonly remove: () => Promise<void>
}

export const openStage = async (isQuick: boolean, signal: AbortSignal): Promise<Stage> => {
  const dir = await mkdtemp(join(tmpdir(), 'product-overview-faults-'))
  const bundles = await buildBundles()
  // Root's databases stand elsewhere, where their account can reach them.
  const dataDirs = new Set([dir])
  return {
    isQuick,
    dir,
    wait: async (ms) => sleep(ms, undefined, { signal }),
    withCluster: async (work, options = {}) => {
      const cluster = await startCluster({
        dir,
        server: join(bundles.dir, 'server.js'),
        instances: 2,
        replicas: 1,
        products,
        port: 0,
        durable: false,
        report: () => undefined,
        log: () => undefined,
        signal,
        ...options,
      })
      for (const { dataDir } of cluster.databases) dataDirs.add(dirname(dataDir))
      try {
        return await work(cluster)
      } finally {
        await endLoads()
        await cluster.stop()
      }
    },
    remove: async () => {
      for (const folder of dataDirs) await rm(folder, { recursive: true, force: true })
      await bundles.remove()
    },
  }
}
