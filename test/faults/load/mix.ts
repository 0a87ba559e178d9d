import type { LoadPlan } from './plan.ts'

/** One request to be sent. */
export interface Drawn {
  readonly target: string
  readonly kind: 'hot' | 'cold'
  /** Whether it says which tag it has, when one is remembered. */
  readonly isConditional: boolean
}

/** Gives the requests of a plan one after the other; `random` gives numbers from 0 to 1. */
export const createMix = (
  { targets, coldShare, conditionalShare }: LoadPlan,
  random: () => number,
): (() => Drawn) => {
  const { hot, cold } = targets
  let hotDrawn = 0
  let coldDrawn = 0

  // Twice round, so that all are warm; then few are asked for often and many seldom.
  const drawHot = () => {
    const place =
      hotDrawn < 2 * hot.length ? hotDrawn % hot.length : Math.floor(hot.length * random() ** 2)
    hotDrawn += 1
    return hot[place] ?? '/'
  }
  const drawCold = () => {
    const target = cold[coldDrawn % cold.length] ?? '/'
    coldDrawn += 1
    return target
  }
  return () => {
    if (random() < coldShare) return { target: drawCold(), kind: 'cold', isConditional: false }
    return { target: drawHot(), kind: 'hot', isConditional: random() < conditionalShare }
  }
}

/** Mulberry32: the same numbers from the same seed. */
export const seededRandom = (seed: number): (() => number) => {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
