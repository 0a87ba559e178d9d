import { execFile } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { promisify } from 'node:util'
import type { Cluster } from '../../deploy/local/cluster/cluster.ts'
import { childrenOf } from '../../deploy/local/processes.ts'

/**
 * Gives the generator the first core and the cluster the second, so that neither takes from the other; what the cluster starts
 * later stays there too. Gives a sentence that says how it was done.
 */
export const separateCores = async (generatorPid: number, cluster: Cluster): Promise<string> => {
  if (availableParallelism() < 2) return 'the generator and the service share the only core'
  const pids = await pidsOf(cluster)
  const pinned = await Promise.all([pin(generatorPid, 0), ...pids.map((pid) => pin(pid, 1))]).catch(
    () => undefined,
  )
  return pinned === undefined
    ? 'the generator and the service share all cores: there is no taskset'
    : 'the generator has one core, the whole service another one'
}

const pidsOf = async ({ nginx, instances, databases }: Cluster) => {
  const pids = [nginx, ...instances, ...databases].map(({ pid }) => pid())
  const children = await Promise.all(pids.map(childrenOf))
  return [...pids, ...children.flat()]
}

/** With all its threads. A process that has ended meanwhile is no error. */
const pin = (pid: number, core: number) =>
  promisify(execFile)('taskset', ['-a', '-c', '-p', String(core), String(pid)]).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') throw error
    },
  )
