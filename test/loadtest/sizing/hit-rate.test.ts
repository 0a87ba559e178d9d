import { LRUCache } from 'lru-cache'
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

/** The same for answers that stay fresh, in a cache that forgets the one not asked for the longest. */
function simulatedLruShare({ products, exponent }: typeof popularity, room: number): number {
  const draw = zipf(products, exponent, randomStream(11, 1))
  const cache = new LRUCache<number, true>({ max: room })
  const views = 100_000
  let hits = 0
  for (let view = 0; view < views; view++) {
    const rank = draw()
    if (cache.get(rank) === true) hits += 1
    else cache.set(rank, true)
  }
  return hits / views
}

describe('the share of hits', () => {
  it('is that of a simulated cache', () => {
    expect(hitShareOf(popularity)).toBeCloseTo(simulatedShare(popularity), 2)
  })

  it('is that of a simulated cache which is too small', () => {
    expect(hitShareOf({ ...popularity, freshS: 60, room: 200 })).toBeCloseTo(
      simulatedLruShare(popularity, 200),
      1,
    )
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

const shop = { products: 1_000_000, exponent: 0.9, cacheMib: 128 }

describe('the expected hits', () => {
  it('are few in NGINX for a large catalogue, and more with more traffic', () => {
    const little = expectHits({ ...shop, rps: 400 })
    const much = expectHits({ ...shop, rps: 40_000 })

    expect(little.hit).toBeGreaterThan(0.05)
    expect(little.hit).toBeLessThan(0.2)
    expect(much.hit).toBeGreaterThan(little.hit)
  })

  it('are more in the processes with a larger cache, as far as the traffic can fill it', () => {
    const warmWith = (cacheMib: number, rps: number) => expectHits({ ...shop, rps, cacheMib }).warm

    expect(warmWith(1024, 4000)).toBeGreaterThan(warmWith(128, 4000))
    expect(warmWith(1024, 40)).toBe(warmWith(128, 40))
  })

  it('leave nothing to the processes when NGINX has it all', () => {
    expect(expectHits({ ...shop, rps: 1e9, products: 10 }).hit).toBeGreaterThan(0.999)
    expect(expectHits({ ...shop, rps: 0, products: 10 })).toEqual({ hit: 0, warm: 0 })
  })

  it('of the processes are reckoned for the hits of NGINX that are given', () => {
    const given = { ...shop, rps: 4000, products: 100_000 }
    const { hit, warm } = expectHits(given)
    const answered = hit + (1 - hit) * warm

    expect(expectHits({ ...given, hit }).warm).toBe(warm)
    expect(expectHits({ ...given, hit: 0 })).toEqual({ hit: 0, warm: expect.closeTo(answered) })
    expect(expectHits({ ...given, hit: 0.99 })).toEqual({ hit: 0.99, warm: 0 })
  })
})
