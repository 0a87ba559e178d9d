import { type Random, below } from '../random.ts'

/** The numbers in a random order (Fisher and Yates). */
export const shuffled = (numbers: Int32Array, random: Random): Int32Array => {
  const order = numbers.slice()
  for (let last = order.length - 1; last > 0; last--) {
    const other = below(random, last + 1)
    const moved = order[last] as number
    order[last] = order[other] as number
    order[other] = moved
  }
  return order
}
