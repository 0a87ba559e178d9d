import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Change } from '../../lib/change.ts'
import { outdatedBy, type PageRange } from '../../lib/outdated.ts'

const change = (productIds: number[], parts: Change['parts']): Change => ({
  id: 1,
  xid: 1,
  ageMs: 0,
  release: 1,
  productIds,
  parts,
})

/** The pages of a list, as they are cached. */
const pagesOf = (ids: readonly number[], count: number): PageRange[] =>
  Array.from({ length: Math.floor(ids.length / count) + 2 }, (_, page) => {
    const shown = ids.slice(page * count, (page + 1) * count)
    const [first, last] = [shown[0], shown.at(-1)]
    return {
      ids: first === undefined || last === undefined ? undefined : [first, last],
      isFull: shown.length === count,
    }
  })

const someIds = fc
  .uniqueArray(fc.integer({ min: 1, max: 40 }), { maxLength: 25 })
  .map((ids) => ids.toSorted((a, b) => a - b))

describe('what changes make untrue', () => {
  it('are the answers about their products that they name', () => {
    const { keys, hasPages } = outdatedBy([
      change([1, 2], ['styles']),
      change([2], ['product', 'related']),
    ])

    expect(keys).toEqual(
      new Set(['/products/1/styles', '/products/2/styles', '/products/2', '/products/2/related']),
    )
    expect(hasPages).toBe(false)
  })

  it('may be any page, as far as a URL tells, when the list changed', () => {
    const styles = outdatedBy([change([1], ['styles'])])
    const listed = outdatedBy([change([1], ['product', 'listed'])])

    expect(styles.mayHave('/products?page=1&count=5')).toBe(false)
    expect(listed.mayHave('/products?page=1&count=5')).toBe(true)
    expect(listed.mayHave('/products/1')).toBe(true)
    expect(listed.mayHave('/products/2')).toBe(false)
  })

  it('are exactly the pages that show a product that is listed otherwise', () => {
    fc.assert(
      fc.property(someIds, someIds, fc.integer({ min: 1, max: 6 }), (ids, changed, count) => {
        const there = changed.filter((id) => ids.includes(id))
        const { hasPage } = outdatedBy([change(there, ['listed'])])

        const dropped = pagesOf(ids, count).map(hasPage)

        expect(dropped).toEqual(
          dropped.map((_, index) =>
            ids.slice(index * count, (index + 1) * count).some((id) => there.includes(id)),
          ),
        )
      }),
    )
  })

  it('are all pages that show other products after some came or went', () => {
    fc.assert(
      fc.property(someIds, someIds, fc.integer({ min: 1, max: 6 }), (ids, moved, count) => {
        const after = [
          ...ids.filter((id) => !moved.includes(id)),
          ...moved.filter((id) => !ids.includes(id)),
        ].toSorted((a, b) => a - b)
        const { hasPage } = outdatedBy([change(moved, ['moved'])])

        const kept = pagesOf(ids, count).filter((page, index) => {
          const range = [index * count, (index + 1) * count] as const
          const isSame = String(ids.slice(...range)) === String(after.slice(...range))
          return !isSame && !hasPage(page)
        })

        expect(kept).toEqual([])
      }),
    )
  })
})
