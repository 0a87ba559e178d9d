import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { countShown, covers, hasShown, readIdRanges, type Snapshot } from '../../lib/snapshot.ts'

const snapshot = (xmin: number, xmax: number, shown = '{}'): Snapshot => ({
  xmin,
  xmax,
  underWay: [],
  shown,
  shownRanges: readIdRanges(shown),
  prunedBelow: 0,
  isPartial: false,
  inRecovery: false,
})

/** A change of each transaction, which has the number of its transaction; some ended before others. */
const history = fc.shuffledSubarray(
  Array.from({ length: 12 }, (_, index) => index + 1),
  { minLength: 12 },
)

/** What is shown when so many of the transactions have ended, in their order, by a log that is cut; at 0 it is whole. */
const after = (order: readonly number[], ended: number, cut: number): Snapshot => {
  const over = new Set(order.slice(0, ended))
  const underWay = order.filter((xid) => !over.has(xid))
  const xmax = Math.max(0, ...over) + 1
  const xmin = Math.min(Math.max(Math.min(99, ...underWay), cut), xmax)
  const ids = [...over].filter((xid) => xid >= xmin).toSorted((a, b) => a - b)
  return {
    ...snapshot(xmin, xmax, `{${ids.map((id) => `[${id},${id + 1})`).join(',')}}`),
    underWay: underWay.filter((xid) => xid < xmin),
  }
}

const cuts = fc.tuple(fc.nat(13), fc.nat(13))

describe('a snapshot of the change log', () => {
  it('reads the ranges that PostgreSQL writes', () => {
    const { shownRanges } = snapshot(1, 9, '{[1,4),[7,8)}')

    expect(shownRanges).toEqual([
      [1, 4],
      [7, 8],
    ])
    expect(countShown(snapshot(1, 9, '{[1,4),[7,8)}'))).toBe(4)
    expect(readIdRanges('{}')).toEqual([])
  })

  it('has shown exactly the changes of transactions that were over', () => {
    fc.assert(
      fc.property(history, fc.nat(12), fc.nat(13), (order, ended, cut) => {
        const now = after(order, ended, cut)
        const shown = order.filter((xid) => hasShown(now, { xid, id: xid }))

        expect(new Set(shown)).toEqual(new Set(order.slice(0, ended)))
      }),
    )
  })

  it('never covers one that has more, and covers what is older once their xmin are the same', () => {
    fc.assert(
      fc.property(history, fc.nat(12), fc.nat(12), cuts, (order, a, b, [cut, otherCut]) => {
        const [one, other] = [after(order, a, cut), after(order, b, otherCut)]

        const hasAll = a >= b
        const isCovered = covers(one, other)

        expect(isCovered && !hasAll).toBe(false)
        expect(hasAll && one.xmin === other.xmin && !isCovered).toBe(false)
      }),
    )
  })

  it('compares 20,000 ranges in a few ms: as many are left when a transaction writes row by row beside others', () => {
    const shown = Array.from({ length: 20_000 }, (_, n) => `[${2 * n},${2 * n + 1})`).join(',')
    const [one, other] = [snapshot(1, 9, `{${shown}}`), snapshot(1, 9, `{${shown}}`)]
    const started = performance.now()

    expect(covers(one, other)).toBe(true)
    expect(performance.now() - started).toBeLessThan(50)
    expect(hasShown(one, { xid: 5, id: 39_998 })).toBe(true)
    expect(hasShown(one, { xid: 5, id: 39_999 })).toBe(false)
  })
})
