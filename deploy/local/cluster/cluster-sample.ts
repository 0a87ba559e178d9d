import { askServer } from '../ask-server.ts'
import type { MappedPart, StatusMap } from './cluster-map.ts'
import { parseSeries, type Series, sumOf } from './metric-series.ts'

const answerMsMax = 900

/** What a cluster showed of itself at one moment; parts that did not answer are undefined. */
export interface ClusterSample {
  readonly atMs: number
  readonly nginx: NginxSample | undefined
  readonly instances: readonly (InstanceSample | undefined)[]
  readonly databases: readonly (DatabaseSample | undefined)[]
}

export interface NginxSample {
  readonly requests: number
  /** Requests that are being read or answered. */
  readonly inFlight: number
}

export interface InstanceSample {
  readonly release: number
  readonly requests: number
  readonly replies: number
  /** Replies that came from its cache, fresh or stale. */
  readonly hits: number
  /** Reads of databases that are under way or wait for a connection. */
  readonly reads: number
  readonly residentBytes: number
}

export interface DatabaseSample {
  readonly release: number | undefined
  /** How far a replica is behind; undefined for a primary, and while either of them does not answer. */
  readonly lag: ReplicaLag | undefined
}

export interface ReplicaLag {
  readonly isStreaming: boolean
  /** What it has not yet applied of what the primary has written. */
  readonly bytes: number
  /** How long the last of it took, as the primary measured it; 0 when nothing is on its way. */
  readonly seconds: number
}

/** Asks every part at once; takes at most a second or two, also when some are frozen. */
export const takeSample = async (map: StatusMap): Promise<ClusterSample> => {
  const [nginx, instances, databases] = await Promise.all([
    orUndefined(askNginx(map.operationsUrl)),
    Promise.all(map.instances.map((instance) => orUndefined(askInstance(instance)))),
    Promise.all(map.databases.map((database) => orUndefined(askDatabase(database)))),
  ])
  return { atMs: performance.now(), nginx, instances, databases: withLag(databases) }
}

const orUndefined = <T>(answer: Promise<T>) => answer.catch(() => undefined)

const textOf = async (url: string) => {
  const response = await fetch(url, { signal: AbortSignal.timeout(answerMsMax) })
  return response.text()
}

const askNginx = async (operationsUrl: string): Promise<NginxSample> => {
  const text = await textOf(`${operationsUrl}/nginx-status`)
  const [, requests] = /^ \d+ \d+ (\d+) $/m.exec(text) ?? []
  const [, reading, writing] = /Reading: (\d+) Writing: (\d+)/.exec(text) ?? []
  // The request that asks is one of them.
  return { requests: Number(requests), inFlight: Number(reading) + Number(writing) - 1 }
}

const askInstance = async ({ url }: MappedPart): Promise<InstanceSample> => {
  const series = parseSeries(await textOf(`${url}/metrics`))
  const replies = (source?: string) =>
    sumOf(series, 'product_overview_replies_total', source === undefined ? {} : { source })
  return {
    release: sumOf(series, 'product_overview_release'),
    requests: sumOf(series, 'http_requests_total'),
    replies: replies(),
    hits: replies('hit') + replies('stale'),
    reads: readsUnderWay(series),
    residentBytes: sumOf(series, 'process_resident_memory_bytes'),
  }
}

const readsUnderWay = (series: readonly Series[]) =>
  sumOf(series, 'product_overview_connections_lent') +
  sumOf(series, 'product_overview_statements_waiting')

interface DatabaseAnswer {
  readonly release: number | undefined
  /** How far a primary has written, a replica has applied. */
  readonly position: number
  readonly isReplica: boolean
  /** By which slot a replica streams; null while it does not. */
  readonly slot: string | null
  /** What a primary has measured, by the names of its replicas, which are their slots. */
  readonly seconds: Readonly<Record<string, number | null>> | null
}

const askDatabase = async ({ url }: MappedPart): Promise<DatabaseAnswer | undefined> =>
  askServer(url, answerMsMax, async (client) => {
    const { rows } = await client.query<DatabaseAnswer>(
      `select (select release from catalog.live) as release,
              pg_is_in_recovery() as "isReplica",
              (case when pg_is_in_recovery() then pg_last_wal_replay_lsn() else pg_current_wal_lsn() end
                - '0/0')::float8 as position,
              (select slot_name from pg_stat_wal_receiver) as slot,
              (select json_object_agg(application_name, extract(epoch from replay_lag))
               from pg_stat_replication) as seconds`,
    )
    return rows[0]
  })

const withLag = (answers: readonly (DatabaseAnswer | undefined)[]) => {
  const primary = answers.find((answer) => answer?.isReplica === false)
  return answers.map(
    (answer) => answer && { release: answer.release, lag: primary && lagOf(answer, primary) },
  )
}

const lagOf = (answer: DatabaseAnswer, primary: DatabaseAnswer): ReplicaLag | undefined =>
  answer.isReplica
    ? {
        isStreaming: answer.slot !== null,
        bytes: Math.max(0, primary.position - answer.position),
        seconds: primary.seconds?.[answer.slot ?? ''] ?? 0,
      }
    : undefined
