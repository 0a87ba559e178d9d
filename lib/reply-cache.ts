import { LRUCache } from 'lru-cache'
import { hitStatus } from './compose-answer.ts'
import { createLoads } from './loads.ts'
import { type Reply, replyBytes } from './reply.ts'

/** Finished replies by canonical URL, bounded in bytes. */
export interface ReplyCache {
  /** The reply when it lies ready and is fresh. */
  readonly fresh: (key: string) => Reply | undefined
  /**
   * The reply and its Cache-Status. A fresh one comes at once; so does a stale one, while a newer one is loaded in the background;
   * else it is loaded, once for all who ask meanwhile. Rejects as the load does.
   */
  readonly get: (key: string, load: () => Promise<Reply>) => Promise<FoundReply>
  /** Counts a reply again that has grown by a compressed variant. */
  readonly weigh: (key: string, reply: Reply) => void
  /** Forgets everything; loads that have begun still answer who waits for them, but are not kept. */
  readonly clear: () => void
  readonly bytes: () => number
  readonly entries: () => number
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
  /** Told where each reply that `get` found came from. */
  readonly onGet: (source: ReplySource) => void
  /** Told of a load in the background that failed; the stale reply stays. */
  readonly onRefreshFailure: (key: string, error: unknown) => void
}

/** Where a reply came from: the cache, the cache past its freshness, a load, or a load that another request had begun. */
export type ReplySource = 'hit' | 'stale' | 'miss' | 'collapsed'

interface Entry {
  readonly reply: Reply
  readonly freshUntil: number
  /** When it may be loaded again: later than freshUntil once a refresh has failed. */
  refreshAt: number
}

/** A refresh that failed is not repeated sooner, so that a database that is down is not asked once for each request. */
const refreshRetryMs = 1000

/**
 * lru-cache holds the entries; loads are kept beside it rather than by its `fetch()`, which lets a load that began before a clear
 * fill the cache after it, and makes an AbortController for each miss.
 */
export const createReplyCache = (options: ReplyCacheOptions): ReplyCache => {
  const { bytesMax, freshMs, staleMs, onGet, onRefreshFailure } = options
  // Entries larger than maxSize are not kept: with 1 byte, none is. Each counts as 1 KiB at least, so their number is bounded
  // as well; a `max` of 200,000 would have its lists allocated at start, in 40 ms and 7 MB.
  const entries = new LRUCache<string, Entry>({ maxSize: Math.max(1, bytesMax) })
  const missStatus = `product-overview; fwd=miss${bytesMax > 0 ? '; stored' : ''}`

  const loads = createLoads<Reply>((key, reply) => {
    const freshUntil = performance.now() + freshMs
    entries.set(key, { reply, freshUntil, refreshAt: freshUntil }, { size: entrySize(key, reply) })
  })

  const found = (source: ReplySource, reply: Reply, cacheStatus: string): FoundReply => {
    onGet(source)
    return { reply, cacheStatus }
  }

  const refresh = (key: string, entry: Entry, load: () => Promise<Reply>) => {
    if (performance.now() < entry.refreshAt || loads.underWay(key) !== undefined) return
    loads.begin(key, load).catch((error: unknown) => {
      entry.refreshAt = performance.now() + refreshRetryMs
      onRefreshFailure(key, error)
    })
  }

  const get = async (key: string, load: () => Promise<Reply>): Promise<FoundReply> => {
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
      ? found('miss', await loads.begin(key, load), missStatus)
      : found('collapsed', await underWay, 'product-overview; fwd=miss; collapsed')
  }

  return {
    fresh: (key) => {
      const entry = entries.get(key)
      return entry !== undefined && performance.now() < entry.freshUntil ? entry.reply : undefined
    },
    get,
    weigh: (key, reply) => {
      const entry = entries.peek(key)
      // A copy: setting the value that is there already leaves its size as it was.
      if (entry?.reply === reply) entries.set(key, { ...entry }, { size: entrySize(key, reply) })
    },
    clear: () => {
      loads.disown()
      entries.clear()
    },
    bytes: () => entries.calculatedSize,
    entries: () => entries.size,
  }
}

const entrySize = (key: string, reply: Reply): number => key.length + replyBytes(reply)
