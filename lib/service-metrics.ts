import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { Change } from './change.ts'
import type { ChangeFollower } from './change-follower.ts'
import type { Database } from './database.ts'
import type { Lending } from './lending.ts'
import type { Counter, Histogram, Metrics } from './metrics.ts'
import type { ReleaseFollower } from './release-follower.ts'
import type { ReplyCache, ReplySource } from './reply-cache.ts'

const idsBounds = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512]
const eventLoopResolutionMs = 20
/** A poll every 250 ms, a replica's lag, and what only a fault explains. */
const changeSecondsBounds = [0.05, 0.1, 0.25, 0.5, 0.75, 1, 2, 3, 5, 10, 30]

/** What requests add to as they pass. */
export interface PassingMetrics {
  /** Replies by where they came from. */
  readonly replies: Readonly<Record<ReplySource, Counter>>
  /** Ids in each statement of a batch. */
  readonly batchIds: Histogram
  /** Counts changes and the cached replies that they made untrue, and how late that was. */
  readonly noteChanges: (changes: readonly Change[], replies: number) => void
}

export const createPassingMetrics = (metrics: Metrics): PassingMetrics => {
  const replies = metrics.counter(
    'product_overview_replies_total',
    'Replies by where they came from.',
    ['source'],
  )
  const batchIds = metrics.histogram(
    'product_overview_batch_ids',
    'Product ids that one statement asked for.',
    idsBounds,
  )
  return {
    replies: {
      hit: replies('hit'),
      stale: replies('stale'),
      miss: replies('miss'),
      collapsed: replies('collapsed'),
    },
    batchIds: batchIds(),
    noteChanges: createChangeMetrics(metrics),
  }
}

const createChangeMetrics = (metrics: Metrics): PassingMetrics['noteChanges'] => {
  const seen = metrics.counter(
    'product_overview_changes_total',
    'Changes of the live release that were followed.',
  )()
  const dropped = metrics.counter(
    'product_overview_replies_dropped_total',
    'Cached replies that a change made untrue.',
  )()
  const delay = metrics.histogram(
    'product_overview_change_delay_seconds',
    "From the writing of a change, before its commit, to the dropping of its replies, by the clock of the database that showed it; a replica's may differ from the writer's.",
    changeSecondsBounds,
  )()
  return (changes, replies) => {
    seen.value += changes.length
    dropped.value += replies
    for (const { ageMs } of changes) delay.observe(ageMs / 1000)
  }
}

/** Parts of the process whose state is read when the metrics are. */
export interface Observed {
  readonly databases: readonly Database[]
  readonly follower: ReleaseFollower
  readonly changes: ChangeFollower
  readonly reads: Lending
  readonly streams: Lending
  readonly replies: ReplyCache
}

export const registerStateMetrics = (metrics: Metrics, observed: Observed): void => {
  const { databases, follower, changes, reads, streams, replies } = observed
  const perDatabase = (read: (database: Database) => number) => () =>
    databases.map((database) => [read(database), database.name] as const)

  metrics.observed(
    'gauge',
    'product_overview_release',
    'The release that readers are given; 0 before the first.',
    () => [[follower.release() ?? 0]],
  )
  metrics.observed(
    'gauge',
    'product_overview_database_up',
    'Whether a database answered when last asked.',
    perDatabase(({ up }) => Number(up)),
    ['database'],
  )
  metrics.observed(
    'gauge',
    'product_overview_database_release',
    'The release that a database shows; 0 when it shows none.',
    perDatabase(({ pointer }) => pointer?.release ?? 0),
    ['database'],
  )
  metrics.observed(
    'gauge',
    'product_overview_database_missing_changes',
    'Known changes that a database has not shown; 10000 when they are not counted.',
    perDatabase(changes.missing),
    ['database'],
  )
  metrics.observed(
    'gauge',
    'product_overview_database_behind',
    'Whether a database has missed a change for so long that it is not read.',
    perDatabase((database) => Number(changes.isBehind(database))),
    ['database'],
  )
  metrics.observed(
    'gauge',
    'product_overview_connections_lent',
    'Connections that work on a read.',
    () =>
      databases.flatMap((database) => [
        [reads.lent(database), database.name, 'reads'] as const,
        [streams.lent(database), database.name, 'streams'] as const,
      ]),
    ['database', 'pool'],
  )
  metrics.observed(
    'gauge',
    'product_overview_statements_waiting',
    'Statements that wait for a connection.',
    () => [
      [reads.waiting(), 'reads'],
      [streams.waiting(), 'streams'],
    ],
    ['pool'],
  )
  metrics.observed(
    'gauge',
    'product_overview_reply_cache_bytes',
    'Bytes that cached replies occupy.',
    () => [[replies.bytes()]],
  )
  metrics.observed('gauge', 'product_overview_reply_cache_entries', 'Cached replies.', () => [
    [replies.entries()],
  ])
}

/** The process itself, under the names that dashboards know. */
export const registerProcessMetrics = (metrics: Metrics): void => {
  const startSeconds = Date.now() / 1000 - process.uptime()
  const eventLoop = monitorEventLoopDelay({ resolution: eventLoopResolutionMs })
  eventLoop.enable()
  metrics.observed('gauge', 'process_start_time_seconds', 'When the process began.', () => [
    [startSeconds],
  ])
  metrics.observed(
    'counter',
    'process_cpu_seconds_total',
    'CPU time used so far, user and system.',
    () => {
      const { user, system } = process.cpuUsage()
      return [[(user + system) / 1e6]]
    },
  )
  metrics.observed('gauge', 'process_resident_memory_bytes', 'Resident memory.', () => [
    [process.memoryUsage.rss()],
  ])
  metrics.observed(
    'gauge',
    'nodejs_memory_bytes',
    'Memory by kind.',
    () => {
      const { heapUsed, heapTotal, external, arrayBuffers } = process.memoryUsage()
      return [
        [heapUsed, 'heap_used'],
        [heapTotal, 'heap_total'],
        [external, 'external'],
        [arrayBuffers, 'array_buffers'],
      ]
    },
    ['kind'],
  )
  metrics.observed(
    'gauge',
    'nodejs_eventloop_delay_seconds',
    'Delay of the event loop since the metrics were read last.',
    () => {
      const values = [50, 99, 100].map(
        (percentile) => [eventLoop.percentile(percentile) / 1e9, String(percentile / 100)] as const,
      )
      eventLoop.reset()
      return values
    },
    ['quantile'],
  )
}
