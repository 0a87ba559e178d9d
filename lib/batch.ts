import type { PoolClient } from 'pg'
import type { Database } from './database.ts'
import type { RunRead } from './run-read.ts'
import { UnavailableError } from './unavailable.ts'

/** What was read for one key, and the release and the database it was read from. */
export interface Read<V> {
  readonly release: number
  readonly database: Database
  readonly value: V
}

/** Reads what many keys stand for by one statement, in their order. */
export type ReadMany<K, V> = (
  client: PoolClient,
  release: number,
  keys: readonly K[],
) => Promise<readonly V[]>

export interface BatchOptions<K, V> {
  readonly runRead: RunRead
  readonly readMany: ReadMany<K, V>
  /** How many rows a key asks for. */
  readonly rowsOf: (key: K) => number
  /** How many rows a statement asks for; a key that asks for more has one of its own. */
  readonly rowsMax: number
  readonly waitingMax: number
}

interface Waiter<V> {
  readonly promise: Promise<Read<V>>
  readonly resolve: (read: Read<V>) => void
  readonly reject: (error: unknown) => void
}

/** Reads one key. Rejects with an UnavailableError when too many wait or the database cannot be asked in time. */
export type ReadOne<K, V> = (key: K) => Promise<Read<V>>

/**
 * Keys asked for in the same moment share one statement. A statement leaves as soon as a connection is free and
 * takes along whatever waits by then, so a lone request never waits for others, and the more come, the more share.
 */
export const createBatch = <K, V>(options: BatchOptions<K, V>): ReadOne<K, V> => {
  const { runRead, readMany, rowsOf, rowsMax, waitingMax } = options
  let waiting = new Map<K, Waiter<V>>()
  let isSending = false

  const read: ReadOne<K, V> = (key) => {
    const known = waiting.get(key)
    if (known !== undefined) return known.promise
    if (waiting.size >= waitingMax) {
      return Promise.reject(new UnavailableError('too many reads are waiting'))
    }
    const waiter = createWaiter<V>()
    waiting.set(key, waiter)
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
    let taken: Map<K, Waiter<V>> | undefined
    try {
      await runRead(async ({ client, release, database }) => {
        taken ??= take()
        const values = await readMany(client, release, [...taken.keys()])
        let place = 0
        for (const waiter of taken.values()) {
          waiter.resolve({ release, database, value: values[place++] as V })
        }
      })
    } catch (error) {
      for (const waiter of (taken ?? take()).values()) waiter.reject(error)
    }
  }

  const take = () => {
    const taken = new Map<K, Waiter<V>>()
    const left = new Map<K, Waiter<V>>()
    let rows = 0
    for (const [key, waiter] of waiting) {
      rows += rowsOf(key)
      if (left.size === 0 && (rows <= rowsMax || taken.size === 0)) taken.set(key, waiter)
      else left.set(key, waiter)
    }
    waiting = left
    isSending = false
    if (waiting.size > 0) sendSoon()
    return taken
  }

  return read
}

const createWaiter = <V>(): Waiter<V> => {
  let settlers!: Pick<Waiter<V>, 'resolve' | 'reject'>
  const promise = new Promise<Read<V>>((resolve, reject) => {
    settlers = { resolve, reject }
  })
  return { promise, ...settlers }
}
