import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { IdSet } from '../../etl/id-set.ts'

const int4Max = 2147483647

describe('a set of ids', () => {
  it('holds what was added and nothing else', () => {
    const ids = new IdSet()
    for (const id of [1, 65_535, 65_536, int4Max]) ids.add(id)

    expect([1, 65_535, 65_536, int4Max].every((id) => ids.has(id))).toBe(true)
    expect([0, 2, 65_534, 65_537, int4Max - 1].some((id) => ids.has(id))).toBe(false)
    expect(ids.size).toBe(4)
  })

  it('says when an id was there before', () => {
    const ids = new IdSet()

    expect([7, 8, 7].map((id) => ids.add(id))).toEqual([true, true, false])
  })

  it('agrees with a Set, however dense the ids and in whatever order they come', () => {
    // A page turns from a list into a bitmap at 4,096 ids: strides of a few ids cross that, up and down.
    const stride = fc.record({
      first: fc.integer({ min: 0, max: 70_000 }),
      step: fc.integer({ min: -3, max: 40 }).filter((step) => step !== 0),
      count: fc.integer({ min: 1, max: 6_000 }),
    })
    fc.assert(
      fc.property(fc.array(stride, { maxLength: 4 }), fc.array(fc.nat(int4Max)), (strides, ids) => {
        const set = new IdSet()
        const reference = new Set<number>()
        const all = [...strides.flatMap(idsOf), ...ids]
        const news = all.map((id) => set.add(id))

        expect(news).toEqual(
          all.map((id) => {
            const isNew = !reference.has(id)
            reference.add(id)
            return isNew
          }),
        )
        expect(set.size).toBe(reference.size)
        expect(all.every((id) => set.has(id))).toBe(true)
        const neighbours = all.map((id) => Math.min(id + 1, int4Max))
        expect(neighbours.map((id) => set.has(id))).toEqual(
          neighbours.map((id) => reference.has(id)),
        )
      }),
      { numRuns: 30 },
    )
  })
})

const idsOf = ({ first, step, count }: { first: number; step: number; count: number }) =>
  Array.from({ length: count }, (_, nth) => first + nth * step).filter((id) => id >= 0)
