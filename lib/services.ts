import { type Attempts, type AttemptsOptions, createAttempts } from './attempts.ts'
import { type Catalog, createCatalog } from './catalog.ts'
import { createChangeFollower } from './change-follower.ts'
import type { Config } from './config.ts'
import { type Database, openDatabase } from './database.ts'
import { watchEventLoop } from './event-loop-watch.ts'
import { createLending, type Lending, type LendingOptions } from './lending.ts'
import type { Log } from './log.ts'
import { createMetrics, type Metrics } from './metrics.ts'
import { createOpenPage, type OpenPage } from './page-stream.ts'
import { followReleases, type ReleaseFollower } from './release-follower.ts'
import { createReplyCache, type ReplyCache, type ReplyCacheOptions } from './reply-cache.ts'
import { createRunRead, type RunRead } from './run-read.ts'
import {
  createPassingMetrics,
  registerProcessMetrics,
  registerStateMetrics,
  type PassingMetrics,
} from './service-metrics.ts'
import { createShed, type Shed } from './shedding.ts'
import { UnavailableError } from './unavailable.ts'

/** What handlers and the door stand on: made once for a process. */
export interface Services {
  readonly catalog: Catalog
  readonly openPage: OpenPage
  /** How long the client of a large page may take none of it. */
  readonly streamStallMs: number
  readonly replies: ReplyCache
  readonly follower: ReleaseFollower
  readonly cacheControl: { readonly found: string; readonly notFound: string }
  readonly metrics: Metrics
  readonly passing: PassingMetrics
  readonly log: Log
  /** True once the process was told to end: it still answers, but wants no new work. */
  isDraining: boolean
  /** Begins to follow the databases and opens a connection to each; settles when all have answered or failed once. */
  readonly start: () => Promise<void>
  /** Ends all connections to databases. */
  readonly close: () => Promise<void>
}

/** Makes the services. They ask nothing of a database before `start()`. */
export const openServices = (config: Config, log: Log): Services => {
  const metrics = createMetrics()
  const passing = createPassingMetrics(metrics)
  const replies = openReplyCache(
    config,
    log,
    passing,
    (key, { database }) => database === undefined || changes.mayKeep(key, database),
  )
  const databases = [config.databaseUrl, ...config.replicaUrls].map((url) =>
    openDatabase(url, config),
  )
  const changes = createChangeFollower({
    databases,
    // Between two polls a database cannot show what it has.
    lagMsMax: Math.max(config.replicaLagMs, 2 * config.releasePollMs),
    replies,
    onChanges: passing.noteChanges,
    log,
  })
  const follower = followReleases(databases, {
    pollMs: config.releasePollMs,
    changes,
    log,
    onSwitch: replies.clear,
    onChange: () => {
      reads.wake()
      streams.wake()
    },
  })
  const lendingOf = (
    poolOf: LendingOptions['poolOf'],
    connectionsMax: number,
    waitingMax: number,
  ) => createLending({ databases, follower, poolOf, connectionsMax, waitingMax })
  const reads = lendingOf(
    (database) => database.reads,
    config.readConnectionsMax,
    config.readsQueuedMax,
  )
  const streams = lendingOf(
    (database) => database.streams,
    config.streamConnectionsMax,
    config.streamsQueuedMax,
  )
  const attemptsOn = (lending: Lending) => openAttempts(config, { lending, follower })
  const observed = { databases, follower, changes, reads, streams, replies }
  registerStateMetrics(metrics, observed)
  registerProcessMetrics(metrics)
  const eventLoop = watchEventLoop(config.eventLoopDelayMaxMs)
  const shed = createShed(eventLoop, metrics)

  return {
    catalog: openCatalog(config, createRunRead(attemptsOn(reads)), passing, shed),
    openPage: shed(openPages(config, attemptsOn(streams))),
    streamStallMs: config.streamStallMs,
    replies,
    follower,
    cacheControl: cacheControl(config),
    metrics,
    passing,
    log,
    isDraining: false,
    start: () => startAll(follower, databases),
    close: async () => {
      eventLoop.stop()
      follower.stop()
      await Promise.all(databases.map((database) => database.close()))
    },
  }
}

const startAll = async (follower: ReleaseFollower, databases: readonly Database[]) => {
  await Promise.all([follower.start(), ...databases.map((database) => database.warm())])
}

/** So that what the database ends by itself has ended there before its connection counts as free: pools bound its queries. */
const statementEndMs = 50

const openAttempts = (
  { statementTimeoutMs, readDeadlineMs }: Config,
  parts: Pick<AttemptsOptions, 'lending' | 'follower'>,
): Attempts =>
  createAttempts({
    ...parts,
    attemptMs: statementTimeoutMs + statementEndMs,
    deadlineMs: readDeadlineMs,
  })

const openCatalog = (
  config: Config,
  runRead: RunRead,
  { batchIds }: PassingMetrics,
  shed: Shed,
): Catalog => {
  const catalog = createCatalog({
    runRead,
    batchIdsMax: config.readBatchIdsMax,
    waitingMax: config.readsQueuedMax,
    onBatch: batchIds.observe,
  })
  return {
    product: shed(catalog.product),
    styles: shed(catalog.styles),
    related: shed(catalog.related),
    page: shed(catalog.page),
  }
}

const openPages = ({ readDeadlineMs, streamMs }: Config, attempts: Attempts): OpenPage =>
  createOpenPage({ attempts, readMs: readDeadlineMs, streamMs })

const openReplyCache = (
  config: Config,
  log: Log,
  { replies }: PassingMetrics,
  mayKeep: ReplyCacheOptions['mayKeep'],
): ReplyCache =>
  createReplyCache({
    bytesMax: config.replyCacheBytesMax,
    freshMs: config.replyFreshMs,
    staleMs: config.replyStaleMs,
    mayKeep,
    onGet: (source) => {
      replies[source].value += 1
    },
    onRefreshFailure: (key, error) => {
      if (!(error instanceof UnavailableError)) log.error({ err: error, key }, 'a refresh failed')
    },
  })

const cacheControl = (config: Config): Services['cacheControl'] => {
  const fresh = `public, max-age=${config.httpFreshSeconds}, s-maxage=${config.httpFreshSeconds}`
  return {
    found:
      `${fresh}, stale-while-revalidate=${config.httpStaleWhileRevalidateSeconds}` +
      `, stale-if-error=${config.httpStaleIfErrorSeconds}`,
    notFound: fresh,
  }
}
