import Table from 'cli-table3'
import { withoutPassword } from '../../../etl/session.ts'
import type { MappedPart, StatusMap } from './cluster-map.ts'
import type {
  ClusterSample,
  DatabaseSample,
  InstanceSample,
  NginxSample,
} from './cluster-sample.ts'

/** Two looks at a cluster; rates are of the time between them. */
export interface StatusFacts {
  readonly map: StatusMap
  readonly before: ClusterSample
  readonly now: ClusterSample
}

const counts = new Intl.NumberFormat('en')
const nothing = ''
const silent = 'no answer'

/** The parts of a cluster as a table: who answers, what it serves, how busy it is. */
export const statusTable = (facts: StatusFacts): string => {
  const table = new Table({
    head: ['', 'pid', 'address', 'release', 'requests/s', 'hits', 'in flight', 'memory', 'lag'],
    colAligns: ['left', 'right', 'left', 'right', 'right', 'right', 'right', 'right', 'right'],
    style: { head: [], border: [], compact: true },
  })
  table.push(nginxRow(facts), ...instanceRows(facts), ...databaseRows(facts))
  return table.toString()
}

const nginxRow = ({ map, before, now }: StatusFacts) =>
  row('nginx', map.nginx, now.nginx, (nginx: NginxSample) => [
    nothing,
    perSecond(nginx.requests, before.nginx?.requests, before, now),
    nothing,
    counts.format(nginx.inFlight),
    nothing,
    nothing,
  ])

const instanceRows = ({ map, before, now }: StatusFacts) =>
  map.instances.map((part, index) => {
    const last = before.instances[index]
    return row(`instance ${index + 1}`, part, now.instances[index], (instance: InstanceSample) => [
      String(instance.release),
      perSecond(instance.requests, last?.requests, before, now),
      hitShare(instance, last),
      counts.format(instance.reads),
      megabytes(instance.residentBytes),
      nothing,
    ])
  })

const databaseRows = ({ map, now }: StatusFacts) => {
  const replicas = map.databases.filter(({ role }) => role === 'replica')
  return map.databases.map((part, index) => {
    const name = part.role === 'primary' ? 'primary' : `replica ${replicas.indexOf(part) + 1}`
    return row(name, part, now.databases[index], (database: DatabaseSample) => [
      database.release === undefined ? 'none' : String(database.release),
      ...[nothing, nothing, nothing, nothing],
      lagCell(database),
    ])
  })
}

const row = <S>(
  name: string,
  { pid, url }: MappedPart,
  sample: S | undefined,
  cells: (sample: S) => string[],
) => [name, String(pid), withoutPassword(url), ...(sample === undefined ? [silent] : cells(sample))]

// A process that began meanwhile counts from 0 again.
const perSecond = (
  value: number,
  last: number | undefined,
  { atMs: lastMs }: ClusterSample,
  { atMs }: ClusterSample,
) => {
  const added = last === undefined || value < last ? value : value - last
  return counts.format(Math.round((added * 1000) / (atMs - lastMs)))
}

const hitShare = (now: InstanceSample, last: InstanceSample | undefined) => {
  const since = last === undefined || now.replies < last.replies ? undefined : last
  const replies = now.replies - (since?.replies ?? 0)
  const hits = now.hits - (since?.hits ?? 0)
  return replies === 0 ? nothing : `${Math.round((100 * hits) / replies)} %`
}

const megabytes = (bytes: number) => `${Math.round(bytes / 1e6)} MB`

const lagCell = ({ lag }: DatabaseSample) => {
  if (lag === undefined) return nothing
  if (!lag.isStreaming) return 'not streaming'
  return `${counts.format(Math.ceil(lag.bytes / 1000))} kB, ${Math.round(lag.seconds * 1000)} ms`
}
