import type { Random } from './random.ts'

/**
 * Draws ranks 1 to `ranks` with probability proportional to rank^-exponent, exactly and without a
 * table: rejection-inversion (Hörmann and Derflinger 1996) needs 1.0 to 1.2 uniform numbers a draw at
 * any catalogue size, where a table of a million shares would cost 8 MB in each virtual user.
 * Exponent 0 is uniform; the last rank is drawn as often as its share says.
 */
export function zipf(ranks: number, exponent: number, random: Random): () => number {
  const mass = (rank: number) => rank ** -exponent
  const area = (x: number) => powerIntegral(x, exponent)
  // The first rank's whole bar is taken into the area, so that it is never rejected.
  const lowest = area(1.5) - 1
  const highest = area(ranks + 0.5)
  // An x this close below its rank lies under the bar whatever the rank: no powers to compute.
  const surelyUnder = 2 - inversePowerIntegral(area(2.5) - mass(2), exponent)

  return () => {
    for (;;) {
      const drawn = highest + random() * (lowest - highest)
      const x = inversePowerIntegral(drawn, exponent)
      const rank = Math.min(ranks, Math.max(1, Math.round(x)))
      if (rank - x <= surelyUnder || drawn >= area(rank + 0.5) - mass(rank)) return rank
    }
  }
}

// The integral of t^-exponent from 1 to x. At exponent 1 it is the logarithm, and near it only
// expm1 keeps the digits: (x^1e-12 - 1) / 1e-12 has four of them.
function powerIntegral(x: number, exponent: number): number {
  const power = 1 - exponent
  const logarithm = Math.log(x)
  return power === 0 ? logarithm : Math.expm1(power * logarithm) / power
}

function inversePowerIntegral(area: number, exponent: number): number {
  const power = 1 - exponent
  return Math.exp(power === 0 ? area : Math.log1p(power * area) / power)
}
