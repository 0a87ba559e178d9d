import { readdir, readFile, readlink } from 'node:fs/promises'
import { askServer } from '../../deploy/local/ask-server.ts'
import type { Cluster } from '../../deploy/local/cluster/cluster.ts'
import { childrenOf, commandLine } from '../../deploy/local/processes.ts'
import type { Point } from '../../loadtest/slope.ts'

const sampleMs = 1_000
const queryMsMax = 5_000

/** Something that is to stay as it is, and what it was when. */
export interface Series {
  readonly name: string
  readonly unit: 'MB' | 'sockets' | 'connections'
  readonly points: readonly Point[]
}

/** Looks once a second at the memory and sockets of NGINX and the instances and at the databases' connections, for so long. */
export const watchUsage = async (
  cluster: Cluster,
  seconds: number,
  wait: (ms: number) => Promise<void>,
): Promise<readonly Series[]> => {
  const meters = [...(await processMeters(cluster)), ...cluster.databases.map(connectionMeter)]
  const points = meters.map((): Point[] => [])
  const beginMs = performance.now()
  while (performance.now() - beginMs < seconds * 1000) {
    const atS = (performance.now() - beginMs) / 1000
    const values = await Promise.all(meters.map(({ read }) => read()))
    for (const [place, value] of values.entries()) points[place]?.push({ atS, value })
    await wait(sampleMs)
  }
  return meters.map(({ name, unit }, place) => ({ name, unit, points: points[place] ?? [] }))
}

interface Meter extends Pick<Series, 'name' | 'unit'> {
  readonly read: () => Promise<number>
}

const processMeters = async ({ nginx, instances }: Cluster): Promise<readonly Meter[]> => {
  const workers = await workersOf(nginx.pid())
  const own = instances.map((instance) => ({ name: instance.name, pid: instance.pid() }))
  const ofWorkers = workers.map((pid, index) => ({ name: `nginx worker ${index + 1}`, pid }))
  return [
    ...[...own, ...ofWorkers].map(({ name, pid }): Meter => ({
      name: `${name} memory`,
      unit: 'MB',
      read: () => residentMegabytes(pid),
    })),
    ...own.map(({ name, pid }) => socketMeter(name, [pid])),
    // Which of its workers takes a connection is chance.
    socketMeter('nginx', workers),
  ]
}

const socketMeter = (name: string, pids: readonly number[]): Meter => ({
  name: `${name} sockets`,
  unit: 'sockets',
  read: async () => (await Promise.all(pids.map(sockets))).reduce((sum, count) => sum + count, 0),
})

/** Without those that look after the files of its cache, one of which ends after a minute. */
const workersOf = async (master: number) => {
  const children = await childrenOf(master)
  const lines = await Promise.all(children.map(commandLine))
  return children.filter((_, place) => lines[place]?.includes('worker process'))
}

const connectionMeter = ({ name, url }: Cluster['databases'][number]): Meter => ({
  name: `${name} connections`,
  unit: 'connections',
  read: () =>
    askServer(url, queryMsMax, async (client) => {
      const { rows } = await client.query<{ open: number }>(
        `select count(*)::int as open from pg_stat_activity where application_name = 'product-overview'`,
      )
      return rows[0]?.open ?? 0
    }),
})

const residentMegabytes = async (pid: number) => {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) / 1024
}

const sockets = async (pid: number) => {
  const folder = `/proc/${pid}/fd`
  // One may be closed between being listed and being read.
  const links = await Promise.all(
    (await readdir(folder)).map((fd) => readlink(`${folder}/${fd}`).catch(() => '')),
  )
  return links.filter((link) => link.startsWith('socket:')).length
}
