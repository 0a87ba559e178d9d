import type { PoolClient } from 'pg'
import type { Database } from './database.ts'
import type { RunRead } from './run-read.ts'
import { UnavailableError } from './unavailable.ts'

/** What was read for one id: the text, or undefined when there is none, and the release and the database it was read from. */
export interface ReadText {
  readonly release: number
  readonly database: Database
  readonly text: string | undefined
}

/** Reads the texts of many ids by one statement; ids without one are left out. */
export type ReadMany = (
  client: PoolClient,
  release: number,
  ids: readonly number[],
) => Promise<ReadonlyMap<number, string>>

export interface BatchOptions {
  readonly runRead: RunRead
  readonly readMany: ReadMany
  readonly idsMax: number
  readonly waitingMax: number
}

interface Waiter {
  readonly promise: Promise<ReadText>
  readonly resolve: (read: ReadText) => void
  readonly reject: (error: unknown) => void
}

/** Reads one id. Rejects with an UnavailableError when too many wait or the database cannot be asked in time. */
export type ReadOne = (id: number) => Promise<ReadText>

/**
 * Ids asked for in the same moment share one statement. A statement leaves as soon as a connection is free and
 * takes along whatever waits by then, so a lone request never waits for others, and the more come, the more share.
 */
export const createBatch = ({ runRead, readMany, idsMax, waitingMax }: BatchOptions): ReadOne => {
  const waiting = new Map<number, Waiter>()
  let isSending = false

  const read: ReadOne = (id) => {
    const known = waiting.get(id)
    if (known !== undefined) return known.promise
    if (waiting.size >= waitingMax) {
      return Promise.reject(new UnavailableError('too many reads are waiting'))
    }
    const waiter = createWaiter()
    waiting.set(id, waiter)
    sendSoon()
    return waiter.promise
  }

  // After the requests that lie ready on other sockets: they belong to the same moment.
  const sendSoon = () => {
    if (isSending) return
    isSending = true
    setImmediate(() => void send())
  }

  const send = async () => {
    let taken: Map<number, Waiter> | undefined
    try {
      await runRead(async ({ client, release, database }) => {
        taken ??= take()
        const texts = await readMany(client, release, [...taken.keys()])
        for (const [id, waiter] of taken) {
          waiter.resolve({ release, database, text: texts.get(id) })
        }
      })
    } catch (error) {
      for (const waiter of (taken ?? take()).values()) waiter.reject(error)
    }
  }

  const take = () => {
    const taken = new Map<number, Waiter>()
    for (const [id, waiter] of waiting) {
      if (taken.size === idsMax) break
      taken.set(id, waiter)
      waiting.delete(id)
    }
    isSending = false
    if (waiting.size > 0) sendSoon()
    return taken
  }

  return read
}

const createWaiter = (): Waiter => {
  let settlers!: Pick<Waiter, 'resolve' | 'reject'>
  const promise = new Promise<ReadText>((resolve, reject) => {
    settlers = { resolve, reject }
  })
  return { promise, ...settlers }
}
