import { hitStatus } from './compose-answer.ts'
import type { Database } from './database.ts'
import { createLoads } from './loads.ts'
import type { Outdated, PageRange } from './outdated.ts'
import type { Reply } from './reply.ts'
import { createReplyEntries, type ReplyEntry } from './reply-entries.ts'

/** Finished replies by canonical URL, bounded in bytes. */
export interface ReplyCache {
  /** The reply when it lies ready and is fresh. */
  readonly fresh: (key: string) => Reply | undefined
  /**
   * The reply and its Cache-Status. A fresh one comes at once; so does a stale one, while a newer one is loaded in the background;
   * else it is loaded, once for all who ask meanwhile. Rejects as the load does.
   */
  readonly get: (key: string, load: LoadReply) => Promise<FoundReply>
  /** Counts a reply again that has grown by a compressed variant. */
  readonly weigh: (key: string, reply: Reply) => void
  /** Forgets everything; loads that have begun still answer who waits for them, but are not kept. */
  readonly clear: () => void
  /** Forgets what is outdated, with the same for loads; gives how many replies that were. */
  readonly drop: (outdated: Outdated) => number
  /** Keeps nothing of the loads that have begun for what is outdated, or of any. */
  readonly disown: (outdated?: Outdated) => void
  readonly bytes: () => number
  readonly entries: () => number
}

/** Rejects when there is no reply. */
export type LoadReply = () => Promise<LoadedReply>

/** A reply and what decides how long it may be kept. */
export interface LoadedReply {
  readonly reply: Reply
  /** Where it was read; undefined when no database was asked. */
  readonly database?: Database
  /** Which products it shows, for a page of the list. */
  readonly range?: PageRange
}

export interface FoundReply {
  readonly reply: Reply
  readonly cacheStatus: string
}

export interface ReplyCacheOptions {
  /** 0 keeps nothing, and still loads once for all who ask at the same time. */
  readonly bytesMax: number
  readonly freshMs: number
  /** How long after its freshness a reply may still be served. */
  readonly staleMs: number
  /** Whether what was loaded may be served later on. */
  readonly mayKeep: (key: string, loaded: LoadedReply) => boolean
  /** Told where each reply that `get` found came from. */
  readonly onGet: (source: ReplySource) => void
  /** Told of a load in the background that failed; the stale reply stays. */
  readonly onRefreshFailure: (key: string, error: unknown) => void
}

/** Where a reply came from: the cache, the cache past its freshness, a load, or a load that another request had begun. */
export type ReplySource = 'hit' | 'stale' | 'miss' | 'collapsed'

/** A refresh that failed is not repeated sooner, so that a database that is down is not asked once for each request. */
const refreshRetryMs = 1000

/**
 * Loads are kept beside the entries rather than by lru-cache's `fetch()`, which lets a load that began before a clear fill the cache
 * after it, and makes an AbortController for each miss.
 */
export const createReplyCache = (options: ReplyCacheOptions): ReplyCache => {
  const { bytesMax, freshMs, staleMs, mayKeep, onGet, onRefreshFailure } = options
  const entries = createReplyEntries(bytesMax)
  const missStatus = `product-overview; fwd=miss${bytesMax > 0 ? '; stored' : ''}`

  const loads = createLoads<LoadedReply>((key, loaded) => {
    if (!mayKeep(key, loaded)) return
    const { reply, range } = loaded
    const freshUntil = performance.now() + freshMs
    entries.keep(key, { reply, freshUntil, refreshAt: freshUntil }, range)
  })

  const found = (source: ReplySource, reply: Reply, cacheStatus: string): FoundReply => {
    onGet(source)
    return { reply, cacheStatus }
  }

  const refresh = (key: string, entry: ReplyEntry, load: LoadReply) => {
    if (performance.now() < entry.refreshAt || loads.underWay(key) !== undefined) return
    loads.begin(key, load).catch((error: unknown) => {
      entry.refreshAt = performance.now() + refreshRetryMs
      onRefreshFailure(key, error)
    })
  }

  const get = async (key: string, load: LoadReply): Promise<FoundReply> => {
    const entry = entries.get(key)
    if (entry !== undefined) {
      const overdueMs = performance.now() - entry.freshUntil
      if (overdueMs < 0) return found('hit', entry.reply, hitStatus)
      if (overdueMs < staleMs) {
        refresh(key, entry, load)
        return found('stale', entry.reply, `${hitStatus}; ttl=-${Math.ceil(overdueMs / 1000)}`)
      }
    }
    const underWay = loads.underWay(key)
    return underWay === undefined
      ? found('miss', (await loads.begin(key, load)).reply, missStatus)
      : found('collapsed', (await underWay).reply, 'product-overview; fwd=miss; collapsed')
  }

  return {
    fresh: (key) => {
      const entry = entries.get(key)
      return entry !== undefined && performance.now() < entry.freshUntil ? entry.reply : undefined
    },
    get,
    weigh: entries.weigh,
    clear: () => {
      loads.disown()
      entries.clear()
    },
    drop: (outdated) => {
      loads.disown(outdated.mayHave)
      return entries.drop(outdated)
    },
    disown: (outdated) => loads.disown(outdated?.mayHave),
    bytes: entries.bytes,
    entries: entries.count,
  }
}
