import type { Draw } from './generate-draw.ts'

/**
 * Puts lines out of order in constant memory: a line that is held takes a slot, and the line that was in
 * it goes on. Most travel a few lines, one in a thousand or so travels far.
 */
export class Displacer {
  readonly #draw: Draw
  readonly #near: (string | undefined)[]
  readonly #far: (string | undefined)[]
  readonly #nearOneIn: number

  constructor(draw: Draw, nearOneIn: number) {
    this.#draw = draw
    this.#nearOneIn = nearOneIn
    this.#near = Array<string | undefined>(nearSlots).fill(undefined)
    this.#far = Array<string | undefined>(farSlots).fill(undefined)
  }

  /** Takes a line and gives the one to write now, if any. */
  pass(line: string): string | undefined {
    const bits = this.#draw.bits()
    if (bits % farOneIn === 0) return exchange(this.#far, (bits >>> 16) % farSlots, line)
    if (bits % this.#nearOneIn === 0) return exchange(this.#near, (bits >>> 16) % nearSlots, line)
    return line
  }

  /** What is still held, to be written last. */
  rest(): string[] {
    return [...this.#near, ...this.#far].filter((line) => line !== undefined)
  }
}

const nearSlots = 16
const farSlots = 64
// Prime, so that it has nothing to do with nearOneIn.
const farOneIn = 1_009

function exchange(slots: (string | undefined)[], slot: number, line: string): string | undefined {
  const held = slots[slot]
  slots[slot] = line
  return held
}
