import { describe, expect, it } from 'vitest'

import { randomStream } from '../../loadtest/random.ts'
import { zipf } from '../../loadtest/zipf.ts'

const draws = 200_000

function countRanks(ranks: number, exponent: number): Float64Array {
  const draw = zipf(ranks, exponent, randomStream(7, 1))
  const counts = new Float64Array(ranks + 1)
  for (let i = 0; i < draws; i++) counts[draw()]! += 1
  return counts
}

function expectedShares(ranks: number, exponent: number): number[] {
  const masses = Array.from({ length: ranks }, (_, i) => (i + 1) ** -exponent)
  const total = masses.reduce((sum, mass) => sum + mass, 0)
  return [0, ...masses.map((mass) => mass / total)]
}

// Pearson's statistic over classes that each expect at least 20 draws.
function chiSquare(counts: Float64Array, shares: number[]) {
  let statistic = 0
  let classes = 0
  let seen = 0
  let expected = 0
  for (let rank = 1; rank < shares.length; rank++) {
    seen += counts[rank]!
    expected += shares[rank]! * draws
    if (expected < 20 && rank < shares.length - 1) continue
    statistic += (seen - expected) ** 2 / expected
    classes += 1
    seen = 0
    expected = 0
  }
  return { statistic, freedom: classes - 1 }
}

describe('the Zipf draw', () => {
  for (const exponent of [0, 0.6, 0.9, 1, 1 + 1e-12, 1.3, 2.5]) {
    it(`follows rank^-${exponent} over every rank, as a chi-square test judges`, () => {
      const { statistic, freedom } = chiSquare(
        countRanks(500, exponent),
        expectedShares(500, exponent),
      )

      // Mean `freedom`, deviation sqrt(2 freedom): five deviations off is a wrong distribution.
      expect(statistic).toBeLessThan(freedom + 5 * Math.sqrt(2 * freedom))
    })
  }

  it('draws the tail of a million products: the last half as often as its share says', () => {
    const counts = countRanks(1_000_000, 0.9)
    const shares = expectedShares(1_000_000, 0.9)
    const lastHalf = counts.slice(500_001).reduce((sum, count) => sum + count, 0) / draws
    const expected = shares.slice(500_001).reduce((sum, share) => sum + share, 0)

    expect(Math.abs(lastHalf / expected - 1)).toBeLessThan(0.03)
    expect(counts[1]! / draws).toBeCloseTo(shares[1]!, 2)
  })

  it('draws the one rank of a catalogue of one', () => {
    expect(zipf(1, 0.9, randomStream(1, 1))()).toBe(1)
  })

  it('needs fewer than 1.3 uniform numbers a draw', () => {
    let used = 0
    const uniform = randomStream(3, 3)
    const draw = zipf(1_000_000, 0.9, () => {
      used += 1
      return uniform()
    })
    for (let i = 0; i < 10_000; i++) draw()

    expect(used / 10_000).toBeLessThan(1.3)
  })
})
