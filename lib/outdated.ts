import { type Change, type ChangedPart, concernsPages } from './change.ts'
import { isPageKey, productKey, type ProductSuffix } from './reply-key.ts'

/** Which products a page of the list shows. */
export interface PageRange {
  /** Their smallest and largest id; undefined when there are none. */
  readonly ids: readonly [first: number, last: number] | undefined
  /** Whether it shows as many as were asked for, so that products may follow. */
  readonly isFull: boolean
}

/** What a set of changes makes untrue. */
export interface Outdated {
  /** The canonical URLs of answers about one product. */
  readonly keys: ReadonlySet<string>
  readonly hasPages: boolean
  /** Whether a page that showed these products may show others now, or the same otherwise. */
  readonly hasPage: (range: PageRange) => boolean
  /** Whether the answer of a canonical URL may be concerned, as far as the URL tells: any page may be. */
  readonly mayHave: (key: string) => boolean
}

const suffixes: Partial<Record<ChangedPart, ProductSuffix>> = {
  product: '',
  styles: '/styles',
  related: '/related',
}

/** The canonical URLs of the answers about one product that a change concerns. */
export const keysOf = ({ productIds, parts }: Change): readonly string[] =>
  parts.flatMap((part) => {
    const suffix = suffixes[part]
    return suffix === undefined ? [] : productIds.map((id) => productKey(id, suffix))
  })

export const outdatedBy = (changes: readonly Change[]): Outdated => {
  const keys = new Set<string>()
  for (const change of changes) for (const key of keysOf(change)) keys.add(key)
  const listed = idsOf(changes, 'listed')
  const movedFrom = idsOf(changes, 'moved')[0] ?? Infinity
  const hasPages = changes.some(concernsPages)
  return {
    keys,
    hasPages,
    hasPage: ({ ids, isFull }) => {
      if (movedFrom < Infinity && !isFull) return true
      if (ids === undefined) return false
      const [first, last] = ids
      return last >= movedFrom || (listed[lowerBound(listed, first)] ?? Infinity) <= last
    },
    mayHave: (key) => keys.has(key) || (hasPages && isPageKey(key)),
  }
}

/** Sorted, so that a page finds its first one by bisection: thousands of pages may be cached. */
const idsOf = (changes: readonly Change[], part: ChangedPart): readonly number[] =>
  changes
    .filter(({ parts }) => parts.includes(part))
    .flatMap(({ productIds }) => productIds)
    .toSorted((a, b) => a - b)

/** Where the first value that is not below `min` stands. */
const lowerBound = (sorted: readonly number[], min: number): number => {
  let [low, high] = [0, sorted.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((sorted[middle] ?? Infinity) < min) low = middle + 1
    else high = middle
  }
  return low
}
