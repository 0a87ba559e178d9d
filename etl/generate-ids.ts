import { hashAt, hashText } from './generate-draw.ts'

const blockLength = 100
// Offsets below 40 and the last of each hundred are never missing: 1 to 40 and 500,000 always exist.
const firstOffset = 40
const offsets = 59

/**
 * Ids with gaps that need no memory: of each hundred ids one is missing, a hash says which. Any id is
 * found from its row's number alone, so that related.csv can name products far ahead of the writer.
 */
export class GappyIds {
  readonly #key: number
  readonly #kept: readonly number[]

  /** `kept` ids exist whatever the hash says; no two of them may be neighbours above 40. */
  constructor(seed: number, purpose: string, kept: readonly number[] = []) {
    this.#key = hashAt(hashText(purpose), seed)
    this.#kept = kept
  }

  /** The id of the row with this number, counted from 0. */
  idOf(row: number): number {
    const block = Math.floor(row / (blockLength - 1))
    const offset = row - block * (blockLength - 1)
    const start = block * blockLength + 1
    return start + offset < this.missingId(block) ? start + offset : start + offset + 1
  }

  /** The one id that no row has among `block` * 100 + 1 to `block` * 100 + 100. */
  missingId(block: number): number {
    const id = block * blockLength + 1 + firstOffset + (hashAt(this.#key, block) % offsets)
    return this.#kept.includes(id) ? id - 1 : id
  }
}
