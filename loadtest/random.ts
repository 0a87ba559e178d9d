/** Draws a number in [0, 1). */
export type Random = () => number

/**
 * A stream of pseudo-random numbers (mulberry32): the same seed and stream give the same numbers in
 * Node and in k6, so that a run can be repeated. Each virtual user takes a stream of its own.
 */
export function randomStream(seed: number, stream: number): Random {
  let state = scramble(scramble(seed) ^ stream)
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let bits = Math.imul(state ^ (state >>> 15), 1 | state)
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits
    return ((bits ^ (bits >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** A whole number from 0 to `limit` - 1. */
export function below(random: Random, limit: number): number {
  return Math.floor(random() * limit)
}

// The finaliser of MurmurHash3: neighbouring users (1, 2, 3) start far apart.
function scramble(value: number): number {
  let hash = value | 0
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return hash ^ (hash >>> 16)
}
