import { type Change, concernsPages } from './change.ts'
import type { Database } from './database.ts'
import { keysOf } from './outdated.ts'
import { isPageKey } from './reply-key.ts'
import { covers, hasShown, type Snapshot } from './snapshot.ts'

/** The changes that other databases have shown and one has not. */
export interface MissingChanges {
  /** The witness shows the change. */
  readonly add: (change: Change, witness: Database) => void
  /** Counts everything as missing until all is shown that the witness shows now. */
  readonly addAll: (witness: Database) => void
  /** Takes out what is shown by now, and gives it; 'all' when everything counted as missing until now. */
  readonly takeShown: (snapshot: Snapshot) => readonly Change[] | 'all'
  /** Whether the answer of a canonical URL may be older than what is known. */
  readonly concern: (key: string) => boolean
  /** How long the oldest of them has been missing; 0 when there is none. */
  readonly ms: () => number
  /** How many there are; the most that are counted when it is everything. */
  readonly count: () => number
  readonly clear: () => void
}

/** One that misses more counts as missing everything. */
const changesMax = 10_000
const idsMax = 50_000

interface Everything {
  readonly witness: Database
  readonly since: number
  /** What has to be shown. */
  snapshot: Snapshot
}

export const createMissingChanges = (): MissingChanges => {
  // In the order in which they came, so that the first is the oldest.
  const changes = new Map<Change, number>()
  const keys = new Map<string, number>()
  let pageChanges = 0
  let ids = 0
  let everything: Everything | undefined

  const count = (change: Change, one: 1 | -1) => {
    ids += one * change.productIds.length
    if (concernsPages(change)) pageChanges += one
    for (const key of keysOf(change)) {
      const missing = (keys.get(key) ?? 0) + one
      if (missing === 0) keys.delete(key)
      else keys.set(key, missing)
    }
  }
  const forgetEach = () => {
    changes.clear()
    keys.clear()
    pageChanges = 0
    ids = 0
  }
  const since = () =>
    Math.min(everything?.since ?? Infinity, changes.values().next().value ?? Infinity)

  const addAll = (witness: Database) => {
    const { snapshot } = witness
    if (snapshot === undefined) return
    everything = { witness, snapshot, since: Math.min(since(), performance.now()) }
    forgetEach()
  }

  const takeEach = (snapshot: Snapshot): readonly Change[] => {
    const shown = [...changes.keys()].filter((change) => hasShown(snapshot, change))
    for (const change of shown) {
      changes.delete(change)
      count(change, -1)
    }
    return shown
  }

  return {
    add: (change, witness) => {
      if (changes.size >= changesMax || ids + change.productIds.length > idsMax) {
        addAll(witness)
        return
      }
      changes.set(change, performance.now())
      count(change, 1)
    },
    addAll,
    takeShown: (snapshot) => {
      const each = takeEach(snapshot)
      if (everything === undefined) return each
      if (!covers(snapshot, everything.snapshot)) {
        everything.snapshot = nearer(snapshot, everything)
        return each
      }
      everything = undefined
      return 'all'
    },
    concern: (key) =>
      everything !== undefined || keys.has(key) || (pageChanges > 0 && isPageKey(key)),
    ms: () => {
      const oldest = since()
      return oldest === Infinity ? 0 : performance.now() - oldest
    },
    count: () => (everything === undefined ? changes.size : changesMax),
    clear: () => {
      everything = undefined
      forgetEach()
    },
  }
}

/** While a long transaction lasts, only snapshots with the same xmin can be compared: then the witness's newest is the goal. */
const nearer = ({ xmin }: Snapshot, { snapshot, witness }: Everything): Snapshot =>
  xmin > snapshot.xmin ? (witness.snapshot ?? snapshot) : snapshot
