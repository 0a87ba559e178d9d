import { describe, expect, it } from 'vitest'
import { RowKeys } from '../../etl/row-keys.ts'
import { fileOf, someParents } from './reading.ts'

const related = () => new RowKeys(fileOf('related.csv'), someParents())

describe('the keys of a row', () => {
  it('pass when the parents are there and the id is new', () => {
    const keys = related()

    expect(keys.check(Int32Array.of(1, 9, 9))).toBeUndefined()
    expect(keys.ids.has(1)).toBe(true)
  })

  it('are refused for the first parent that is missing', () => {
    const keys = related()

    expect(keys.check(Int32Array.of(1, 10, 11))).toEqual({
      reason: 'orphan',
      column: 'current_product_id',
    })
    expect(keys.check(Int32Array.of(1, 1, 11))).toEqual({
      reason: 'orphan',
      column: 'related_product_id',
    })
  })

  it('are refused when the id was loaded before, not when it was refused before', () => {
    const keys = related()
    keys.check(Int32Array.of(1, 1, 11))

    expect(keys.check(Int32Array.of(1, 1, 2))).toBeUndefined()
    expect(keys.check(Int32Array.of(1, 3, 4))).toEqual({ reason: 'duplicate', column: 'id' })
    expect(keys.check(Int32Array.of(1, 3, 11))).toMatchObject({ reason: 'orphan' })
  })

  it('cannot be checked before the parents are read', () => {
    expect(() => new RowKeys(fileOf('skus.csv'), new Map())).toThrow(
      'styles.csv must be read before skus.csv',
    )
  })
})
