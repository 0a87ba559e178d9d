import { Pool, type PoolClient, type PoolConfig } from 'pg'
import type { Config } from './config.ts'
import {
  type ListVersion,
  type Pointer,
  type Poll,
  type PollRow,
  pollQuery,
  readPoll,
} from './poll.ts'
import type { Snapshot } from './snapshot.ts'

/** One PostgreSQL and what is known about it now. */
export interface Database {
  /** host:port/database, for logs and metrics. */
  readonly name: string
  /** Whether it answered when it was last asked; undefined before the first time. */
  up: boolean | undefined
  /** What it showed when it was last asked; undefined when it has no release. */
  pointer: Pointer | undefined
  /** What of the change log it showed then; undefined when it has to be asked as for the first time. */
  snapshot: Snapshot | undefined
  /** How far its lists had changed then. */
  list: ListVersion | undefined
  /** From which transaction on it is asked, whatever is under way: see Poll. */
  cut: number | undefined
  /** When it last answered, as of performance.now(). */
  answeredAt: number
  readonly reads: Pool
  readonly streams: Pool
  /** Asks it what is new on a connection of its own, so that busy pools cannot look like a fault. */
  readonly poll: () => Promise<Poll>
  /** Opens the first connection for reads, so that the first reader need not wait for it; who reads hears of a failure. */
  readonly warm: () => Promise<void>
  readonly close: () => Promise<void>
}

/**
 * Reads are primary-key lookups whose plans must not depend on statistics that a fresh release lacks. The generic plan
 * also saves planning each statement anew on its first five runs on every connection.
 */
const readerOptions = [
  'default_transaction_read_only=on',
  'plan_cache_mode=force_generic_plan',
  'enable_seqscan=off',
  'enable_hashjoin=off',
  'enable_mergejoin=off',
  'jit=off',
]

/** A connection is renewed after this time, so that prepared statements of dropped releases do not pile up. */
const connectionLifetimeSeconds = 1800
const connectionIdleMs = 300_000

/** A schema or table that is not there: no catalogue yet, or a release that was dropped. */
export const isMissingRelation = (error: unknown): boolean =>
  hasCode(error) && (error.code === '42P01' || error.code === '3F000')

/** Opens nothing yet: connections are made when they are first needed. */
export const openDatabase = (url: string, config: Config): Database => {
  const common = {
    connectionString: url,
    application_name: 'product-overview',
    connectionTimeoutMillis: config.connectTimeoutMs,
    statement_timeout: config.statementTimeoutMs,
    idleTimeoutMillis: connectionIdleMs,
    maxLifetimeSeconds: connectionLifetimeSeconds,
    keepAlive: true,
    options: readerOptions.map((option) => `-c ${option}`).join(' '),
  }
  const reads = openPool({ ...common, max: config.readConnectionsMax })
  // A statement that a cursor reads from is under way until its last row was taken.
  const streams = openPool({
    ...common,
    max: config.streamConnectionsMax,
    statement_timeout: config.streamMs,
  })
  const control = openPool({ ...common, max: 1, query_timeout: config.statementTimeoutMs })
  const database: Database = {
    name: nameOf(url),
    up: undefined,
    pointer: undefined,
    snapshot: undefined,
    list: undefined,
    cut: undefined,
    answeredAt: -Infinity,
    reads,
    streams,
    poll: async () => {
      // As it is now: it may be told to begin anew before the answer is there.
      const { snapshot, list, cut } = database
      const last = { snapshot, list, cut }
      const { rows } = await control.query<PollRow>(pollQuery(last))
      return readPoll(rows[0] as PollRow, last)
    },
    warm: async () => {
      await reads.connect().then((client) => client.release(), ignore)
    },
    close: async () => {
      await Promise.all([reads.end(), streams.end(), control.end()])
    },
  }
  return database
}

/** Gives a connection back; one that failed is closed, because what it would answer next is unknown. */
export const giveBack = (client: PoolClient, failure?: unknown): void => {
  client.release(failure !== undefined)
}

const openPool = (options: PoolConfig): Pool => {
  const pool = new Pool(options)
  // An idle connection that dies is only dropped from the pool; the next read makes a new one.
  pool.on('error', ignore)
  // A connection that dies while it is lent emits an error of its own, besides failing its query.
  pool.on('connect', (client) => client.on('error', ignore))
  return pool
}

const ignore = () => undefined

const nameOf = (url: string): string => {
  const { hostname, port, pathname } = new URL(url)
  return `${hostname}:${port || 5432}${pathname}`
}

const hasCode = (error: unknown): error is { code: unknown } =>
  typeof error === 'object' && error !== null && 'code' in error
