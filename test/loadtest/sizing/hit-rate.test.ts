import { describe, expect, it } from 'vitest'

import { randomStream } from '../../../loadtest/random.ts'
import { expectHits, hitShareOf } from '../../../loadtest/sizing/hit-rate.ts'
import { zipf } from '../../../loadtest/zipf.ts'

const popularity = { viewsPerS: 200, products: 2000, exponent: 0.9, freshS: 1 }

/** Ten minutes of random arrivals at a cache, one by one. */
function simulatedShare({ viewsPerS, products, exponent, freshS }: typeof popularity): number {
  const random = randomStream(11, 1)
  const draw = zipf(products, exponent, random)
  const freshUntilS = new Float64Array(products + 1)
  let atS = 0
  let hits = 0
  let views = 0
  for (; atS < 600; views++) {
    atS -= Math.log(1 - random()) / viewsPerS
    const rank = draw()
    if (atS < freshUntilS[rank]!) hits += 1
    else freshUntilS[rank] = atS + freshS
  }
  return hits / views
}

describe('the share of hits', () => {
  it('is that of a simulated cache', () => {
    expect(hitShareOf(popularity)).toBeCloseTo(simulatedShare(popularity), 2)
  })

  it('grows with traffic and with freshness alike', () => {
    const share = (viewsPerS: number, freshS: number) =>
      hitShareOf({ ...popularity, viewsPerS, freshS })

    expect(share(200, 10)).toBeCloseTo(share(2000, 1))
    expect(share(2000, 1)).toBeGreaterThan(share(200, 1))
    expect(share(200, 1e9)).toBeCloseTo(1)
    expect(share(0, 1)).toBe(0)
  })
})

describe('the expected hits', () => {
  it('are few in NGINX for a large catalogue, and more with more traffic', () => {
    const little = expectHits(400, 1_000_000, 0.9)
    const much = expectHits(40_000, 1_000_000, 0.9)

    expect(little.hit).toBeGreaterThan(0.05)
    expect(little.hit).toBeLessThan(0.2)
    expect(much.hit).toBeGreaterThan(little.hit)
    expect(much.warm).toBeGreaterThan(little.warm)
  })

  it('leave nothing to the processes when NGINX has it all', () => {
    expect(expectHits(1e9, 10, 0.9).hit).toBeGreaterThan(0.999)
    expect(expectHits(0, 10, 0.9)).toEqual({ hit: 0, warm: 0 })
  })

  it('of the processes are reckoned for the hits of NGINX that are given', () => {
    const { hit, warm } = expectHits(4000, 100_000, 0.9)
    const answered = hit + (1 - hit) * warm

    expect(expectHits(4000, 100_000, 0.9, hit).warm).toBe(warm)
    expect(expectHits(4000, 100_000, 0.9, 0)).toEqual({ hit: 0, warm: expect.closeTo(answered) })
    expect(expectHits(4000, 100_000, 0.9, 0.99)).toEqual({ hit: 0.99, warm: 0 })
  })
})
