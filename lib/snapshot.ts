import type { Change } from './change.ts'

/** What of the change log a database showed when it was asked. */
export interface Snapshot {
  /** Every transaction below was over, so that what it wrote was there or never will be; or the log was cut here: see underWay. */
  readonly xmin: number
  /**
   * The transactions below xmin that were under way: they outlasted too many changes, and theirs are not taken one by one when
   * they commit. undefined when there may be some, on a replica, which cannot tell which.
   */
  readonly underWay: readonly number[] | undefined
  /** No transaction from here on was over. */
  readonly xmax: number
  /** The ids of the changes that were there from transactions in between or above, as an int8multirange. */
  readonly shown: string
  /** The same as numbers, in order. */
  readonly shownRanges: readonly IdRange[]
  /** Changes of transactions below may have been pruned; 0 when none were. */
  readonly prunedBelow: number
  /** Whether there were more new changes than a poll may bring, or unknown ones, so that those of lists were not counted. */
  readonly isPartial: boolean
  /** Whether it was a replica. */
  readonly inRecovery: boolean
}

type IdRange = readonly [from: number, before: number]

/** Whether a change was there. A replica that cannot tell is believed to have it: nothing read there is kept. */
export const hasShown = (
  { xmin, underWay, shownRanges }: Snapshot,
  { xid, id }: Pick<Change, 'xid' | 'id'>,
): boolean => (xid < xmin ? underWay?.includes(xid) !== true : isWithin(shownRanges, [id, id + 1]))

/**
 * Whether all that was there in `other` was there in `snapshot` too, of two databases with one history, as far as they can tell.
 * It may be so and not be seen while xmin differs; not for longer than the transactions then under way take.
 */
export const covers = (snapshot: Snapshot, other: Snapshot): boolean =>
  (snapshot.xmin >= other.xmax && waitsForNone(snapshot, other, other.xmax)) ||
  (snapshot.xmin >= other.xmin &&
    waitsForNone(snapshot, other, other.xmin) &&
    other.shownRanges.every((range) => isWithin(snapshot.shownRanges, range)))

/** Whether no transaction below was under way in `snapshot` and over in `other`. */
const waitsForNone = ({ underWay }: Snapshot, other: Snapshot, below: number): boolean =>
  underWay?.every((xid) => xid >= below || other.underWay?.includes(xid) !== false) !== false

/** Whether it can tell what is under way, or need not. A change that came to be there unseen may make untrue what was read. */
export const canTell = ({ underWay }: Snapshot): boolean => underWay !== undefined

/** Whether transactions that `before` gave up may have committed since, so that what they changed is not known. */
export const hasEnded = ({ underWay: before }: Snapshot, { underWay: now }: Snapshot): boolean =>
  now !== undefined && (before === undefined || before.some((xid) => !now.includes(xid)))

/** Reads an int8multirange; PostgreSQL merges what touches and writes `{[1,4),[7,8)}`. */
export const readIdRanges = (shown: string): readonly IdRange[] =>
  [...shown.matchAll(/\[(\d+),(\d+)\)/g)].map(([, from, before]) => [Number(from), Number(before)])

/** How many changes were there from xmin on. */
export const countShown = ({ shownRanges }: Snapshot): number =>
  shownRanges.reduce((count, [from, before]) => count + before - from, 0)

/** By bisection: a transaction that writes row by row beside others leaves tens of thousands of ranges. */
const isWithin = (ranges: readonly IdRange[], [from, before]: IdRange): boolean => {
  let [low, high] = [0, ranges.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((ranges[middle]?.[0] ?? Infinity) <= from) low = middle + 1
    else high = middle
  }
  return before <= (ranges[low - 1]?.[1] ?? -Infinity)
}
