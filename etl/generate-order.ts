import type { Draw } from './generate-draw.ts'

/**
 * Puts rows out of order in constant memory: a row that is held takes a slot, and the row that was in it
 * goes on. Most travel a few lines, one in a thousand or so travels far.
 */
export class Displacer<Row> {
  readonly #draw: Draw
  readonly #near: (Row | undefined)[]
  readonly #far: (Row | undefined)[]
  readonly #nearOneIn: number

  constructor(draw: Draw, nearOneIn: number) {
    this.#draw = draw
    this.#nearOneIn = nearOneIn
    this.#near = Array<Row | undefined>(nearSlots).fill(undefined)
    this.#far = Array<Row | undefined>(farSlots).fill(undefined)
  }

  /** Takes a row and gives the one to write now, if any. */
  pass(row: Row): Row | undefined {
    const bits = this.#draw.bits()
    if (bits % farOneIn === 0) return exchange(this.#far, (bits >>> 16) % farSlots, row)
    if (bits % this.#nearOneIn === 0) return exchange(this.#near, (bits >>> 16) % nearSlots, row)
    return row
  }

  /** What is still held, to be written last. */
  rest(): Row[] {
    return [...this.#near, ...this.#far].filter((row) => row !== undefined)
  }
}

const nearSlots = 16
const farSlots = 64
// Prime, so that it has nothing to do with nearOneIn.
const farOneIn = 1_009

function exchange<Row>(slots: (Row | undefined)[], slot: number, row: Row): Row | undefined {
  const held = slots[slot]
  slots[slot] = row
  return held
}
