import { LRUCache } from 'lru-cache'
import type { Outdated, PageRange } from './outdated.ts'
import { type Reply, replyBytes } from './reply.ts'

/** A reply that is kept. */
export interface ReplyEntry {
  readonly reply: Reply
  readonly freshUntil: number
  /** When it may be loaded again: later than freshUntil once a refresh has failed. */
  refreshAt: number
}

/** Replies by canonical URL, bounded in bytes; what was not asked for the longest goes first. */
export interface ReplyEntries {
  readonly get: (key: string) => ReplyEntry | undefined
  /** Keeps a reply, with the products that it shows when it is a page of the list. */
  readonly keep: (key: string, entry: ReplyEntry, range: PageRange | undefined) => void
  /** Counts a reply again that has grown. */
  readonly weigh: (key: string, reply: Reply) => void
  /** Gives how many there were. */
  readonly drop: (outdated: Outdated) => number
  readonly clear: () => void
  readonly bytes: () => number
  readonly count: () => number
}

export const createReplyEntries = (bytesMax: number): ReplyEntries => {
  // Few among the replies, and each may be concerned by any change of the list.
  const pages = new Map<string, PageRange>()
  // Entries larger than maxSize are not kept: with 1 byte, none is. Each counts as 1 KiB at least, so their number is bounded
  // as well; a `max` of 200,000 would have its lists allocated at start, in 40 ms and 7 MB.
  const entries = new LRUCache<string, ReplyEntry>({
    maxSize: Math.max(1, bytesMax),
    dispose: (_, key, reason) => {
      if (reason !== 'set') pages.delete(key)
    },
  })

  return {
    get: (key) => entries.get(key),
    keep: (key, entry, range) => {
      entries.set(key, entry, { size: entrySize(key, entry.reply) })
      if (range !== undefined && entries.has(key)) pages.set(key, range)
      else pages.delete(key)
    },
    weigh: (key, reply) => {
      const entry = entries.peek(key)
      // A copy: setting the value that is there already leaves its size as it was.
      if (entry?.reply === reply) entries.set(key, { ...entry }, { size: entrySize(key, reply) })
    },
    drop: (outdated) => {
      const before = entries.size
      for (const key of outdated.keys) entries.delete(key)
      for (const [key, range] of outdated.hasPages ? pages : []) {
        if (outdated.hasPage(range)) entries.delete(key)
      }
      return before - entries.size
    },
    clear: () => entries.clear(),
    bytes: () => entries.calculatedSize,
    count: () => entries.size,
  }
}

const entrySize = (key: string, reply: Reply): number => key.length + replyBytes(reply)
