import { below, randomStream } from './random.ts'

/** The products that exist, by popularity and by id. */
export interface Catalogue {
  readonly size: number
  readonly idMax: number
  /** The id at a rank from 0 (most popular) to size - 1; popular ids lie anywhere in the range. */
  idAt(rank: number): number
  /** The id at a position in ascending order of ids; the walk begins again after the last. */
  idAfter(position: number): number
}

/** Ranks the products, given by ascending id, in an order that the seed decides. */
export function catalogueOf(ids: ArrayLike<number>, seed: number): Catalogue {
  const size = ids.length
  if (size === 0) throw new Error('Expected a catalogue with products, came an empty one')
  const stride = strideOf(size)
  const offset = below(randomStream(seed, 0), size)
  const idAfter = (position: number) => ids[position % size] as number
  // Up to 90 million products the rank times the stride stays below 2^53: it is exact.
  const idAt = (rank: number) => idAfter((rank * stride + offset) % size)
  return { size, idMax: idAfter(size - 1), idAt, idAfter }
}

// Steps of the golden ratio spread the first ranks evenly over the ids; a step without a common
// divisor reaches every product once.
function strideOf(size: number): number {
  let stride = Math.max(1, Math.round(size * 0.618_033_988_749_895))
  while (commonDivisor(stride, size) !== 1) stride += 1
  return stride
}

function commonDivisor(a: number, b: number): number {
  return b === 0 ? a : commonDivisor(b, a % b)
}
