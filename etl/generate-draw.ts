/**
 * Pseudo-random numbers that are equal on every machine and Node version: 32-bit integer arithmetic
 * only (mulberry32), no floating-point function whose last bit an engine may choose.
 *
 * A draw belongs to a seed and a purpose, so that what one purpose consumes never moves another.
 */
export class Draw {
  readonly #key: number
  #state: number

  constructor(seed: number, purpose: string) {
    this.#key = scramble(scramble(seed) ^ hashText(purpose))
    this.#state = this.#key
  }

  /** Goes to the sequence of one index, which needs none of the sequences before it. */
  at(index: number): this {
    this.#state = scramble(this.#key ^ scramble(index + 1))
    return this
  }

  /** 32 random bits as a number from 0 to 4294967295. */
  bits(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0
    let t = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return (t ^ (t >>> 14)) >>> 0
  }

  /** A whole number from 0 to `limit` - 1. One product and one quotient: IEEE 754 leaves no choice in either. */
  below(limit: number): number {
    return Math.floor((this.bits() * limit) / 4_294_967_296)
  }

  oneIn(n: number): boolean {
    return this.below(n) === 0
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)] as T
  }

  count(counts: Distribution): number {
    return counts[this.bits() >>> 22] as number
  }
}

/** 1024 equally likely counts: ten random bits choose one without a comparison. */
export type Distribution = Uint8Array

const outcomes = 1024

/** Lays out a distribution from how many of 1024 draws give 0, 1, 2 and so on. */
export function distribution(shares: readonly number[]): Distribution {
  const total = shares.reduce((sum, share) => sum + share, 0)
  if (total !== outcomes)
    throw new Error(`Expected shares that add up to ${outcomes}, not ${total}`)
  return Uint8Array.from(shares.flatMap((share, count) => Array<number>(share).fill(count)))
}

/** A hash of one index under a key, for decisions that are taken out of order. */
export function hashAt(key: number, index: number): number {
  return scramble(key ^ scramble(index + 1)) >>> 0
}

/** A key for `hashAt` that belongs to a text (FNV-1a, then scrambled). */
export function hashText(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return scramble(hash)
}

// The finaliser of MurmurHash3: every input bit moves every output bit.
function scramble(value: number): number {
  let h = value | 0
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return h ^ (h >>> 16)
}
