import { describe, expect, it } from 'vitest'

import { catalogueOf } from '../../loadtest/catalogue.ts'
import { randomStream } from '../../loadtest/random.ts'
import type { Ask, Flash, Shown, View } from '../../loadtest/traffic.ts'
import {
  Shopper,
  crawl,
  crawlStepOf,
  flashOf,
  requestsPerArrival,
  requestsPerVisit,
  shop,
} from '../../loadtest/traffic.ts'

// Every hundredth id is missing, as in a real catalogue.
const ids = Array.from({ length: 5000 }, (_, i) => i + 1 + Math.floor(i / 99))
const catalogue = catalogueOf(ids, 42)
const visits = 20_000

const newShopper = (stream = 1) =>
  new Shopper({ catalogue, random: randomStream(42, stream), exponent: 0.9 })

/** Answers every view as a shop would: tags for what exists, three related ids. */
function show(view: View): Shown {
  const etags = view.map((ask) => (ask.known ? `"${ask.path}"` : undefined))
  const product = view.find((ask) => ask.route === 'related' && ask.known)
  const start = product?.id ?? 0
  return { etags, related: product ? [1, 2, 3].map((i) => ids[(start * i) % ids.length]!) : [] }
}

function visit(shopper: Shopper, flash?: Flash): View[] {
  const views: View[] = []
  const keep = (view: View) => {
    views.push(view)
    return show(view)
  }
  shopper.visit(keep, flash)
  return views
}

function manyVisits(flash?: Flash): View[][] {
  const shopper = newShopper()
  return Array.from({ length: visits }, () => visit(shopper, flash))
}

const plain = manyVisits()
const asks = plain.flat(2)
const shareOf = (wanted: (ask: Ask) => boolean) => asks.filter(wanted).length / asks.length

describe('a visit', () => {
  it('is a list, then product pages with their styles and related ids', () => {
    const shapes = new Set(plain.flatMap(([, ...pages]) => pages).map((page) => routesOf(page)))

    expect(new Set(plain.map(([list]) => routesOf(list!)))).toEqual(new Set(['list']))
    expect(shapes).toEqual(new Set(['product styles related']))
  })

  it('asks about one product in all three requests of a page', () => {
    const mixed = plain.flat().filter((page) => new Set(page.map((ask) => ask.id)).size !== 1)

    expect(mixed).toEqual([])
  })

  it('makes as many requests as the arrival rate is computed from', () => {
    expect(asks.length / visits).toBeCloseTo(requestsPerVisit(), 1)
  })

  it('goes on to a product that the last page named as related', () => {
    const shopper = newShopper(2)
    const hops: boolean[] = []
    for (let i = 0; i < 2000; i++) {
      let related: readonly number[] = []
      shopper.visit((view) => {
        const [first] = view as [Ask]
        if (related.length > 0 && first.known && first.etag === undefined) {
          hops.push(related.includes(first.id!))
        }
        const shown = show(view)
        related = shown.related
        return shown
      })
    }

    expect(hops.length).toBeGreaterThan(500)
    expect(hops.every(Boolean)).toBe(true)
  })

  it('has 20 % conditional requests, each with the tag that its path was answered with', () => {
    const conditional = asks.filter((ask) => ask.etag !== undefined)

    // The crawler, which remembers nothing, takes its share off.
    const share = (conditional.length / asks.length) * (1 - shop.crawlerShare)
    expect(share).toBeGreaterThan(0.19)
    expect(share).toBeLessThan(0.21)
    expect(conditional.every((ask) => ask.etag === `"${ask.path}"`)).toBe(true)
  })

  it('has 1 to 2 % unknown ids, none of which exists', () => {
    const share = shareOf((ask) => !ask.known) * (1 - shop.crawlerShare)

    expect(share).toBeGreaterThan(0.01)
    expect(share).toBeLessThan(0.02)
    expect(asks.filter((ask) => !ask.known).every((ask) => ask.id! > catalogue.idMax)).toBe(true)
  })

  it('never asks for a missing id otherwise', () => {
    const existing = new Set(ids)

    expect(
      asks.filter((ask) => ask.id !== undefined && ask.known && !existing.has(ask.id)),
    ).toEqual([])
  })

  it('does not ask again for what had no tag', () => {
    const shopper = newShopper(3)
    const again: Ask[] = []
    for (let i = 0; i < 200; i++) {
      shopper.visit((view) => {
        again.push(...view.filter((ask) => ask.etag !== undefined))
        return { etags: view.map(() => undefined), related: [] }
      })
    }

    expect(again).toEqual([])
  })

  it('is the same for the same seed and another for another user', () => {
    const first = Array.from({ length: 20 }, () => newShopper(5)).map((one) => visit(one))

    expect(first[1]).toEqual(first[0])
    expect(visit(newShopper(6))).not.toEqual(first[0])
  })
})

describe('lists', () => {
  const lists = asks.filter((ask) => ask.route === 'list')

  it('come with page and count, most of them the front page', () => {
    const front = lists.filter((ask) => !ask.path.includes('page='))

    expect(front.length / lists.length).toBeGreaterThan(0.45)
    expect(front.length / lists.length).toBeLessThan(0.6)
    expect(lists.every((ask) => /^\/products(\?(page=\d+)?&?(count=\d+)?)?$/.test(ask.path))).toBe(
      true,
    )
  })

  it('reach the whole catalogue, and never ask past its end', () => {
    const positions = lists.map((ask) => {
      const page = Number(/page=(\d+)/.exec(ask.path)?.[1] ?? 1)
      return (page - 1) * ask.count!
    })

    expect(Math.max(...positions)).toBeGreaterThan(ids.length * 0.9)
    expect(Math.max(...positions)).toBeLessThan(ids.length)
  })

  it('have shares of counts that add up to one', () => {
    const total = shop.listCounts.reduce((sum, { share }) => sum + share, 0)

    expect(total).toBeCloseTo(1, 10)
  })
})

describe('a flash product', () => {
  it('takes its share of the product pages', () => {
    const flash = flashOf(catalogue, 0.3)
    const pages = manyVisits(flash).flatMap(([, ...rest]) => rest)
    const share = pages.filter(([first]) => first!.id === flash.id).length / pages.length

    expect(share).toBeGreaterThan(0.28)
    expect(share).toBeLessThan(0.32)
  })
})

describe('the crawler', () => {
  it('walks every id in order and begins again', () => {
    const walked = Array.from({ length: ids.length + 1 }, (_, step) => crawl(catalogue, step))

    expect(walked.slice(0, -1).map(([first]) => first!.id)).toEqual(ids)
    expect(walked.at(-1)![0]!.id).toBe(ids[0])
  })

  it('takes its share of the requests, step by step without a gap', () => {
    const arrivals = 100_000
    const steps = Array.from({ length: arrivals }, (_, n) => crawlStepOf(n)).filter(
      (step) => step !== undefined,
    )
    const requests = steps.flatMap((step) => crawl(catalogue, step)).length

    expect(steps).toEqual(steps.map((_, i) => i))
    expect(requests / (arrivals * requestsPerArrival())).toBeCloseTo(shop.crawlerShare, 3)
  })
})

describe('the catalogue', () => {
  it('gives every product exactly one rank, at any size', () => {
    for (const size of [1, 2, 3, 10, 97, 100, 5000]) {
      const some = catalogueOf(ids.slice(0, size), 7)
      const ranked = Array.from({ length: size }, (_, rank) => some.idAt(rank))

      expect(new Set(ranked)).toEqual(new Set(ids.slice(0, size)))
    }
  })

  it('scatters the most popular products over the range of ids', () => {
    const top = Array.from({ length: 100 }, (_, rank) => catalogue.idAt(rank))
    const tenths = new Set(top.map((id) => Math.floor((id / catalogue.idMax) * 10)))

    expect(tenths.size).toBeGreaterThanOrEqual(10)
  })

  it('refuses an empty catalogue', () => {
    expect(() => catalogueOf([], 1)).toThrow('Expected a catalogue with products')
  })
})

function routesOf(view: View): string {
  return view.map((ask) => ask.route).join(' ')
}
