import {
  assert,
  bigInt,
  double,
  integer,
  oneof,
  property,
  string,
  webQueryParameters,
} from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readListParameters, readProductId } from '../../lib/parameters.ts'

describe('readProductId', () => {
  it('takes exactly the positive integers within int4', () => {
    assert(
      property(oneof(integer(), bigInt(), double(), string()), (value) => {
        const text = String(value)
        const isId = /^[1-9]\d*$/.test(text) && BigInt(text) <= 2_147_483_647n

        const id = readProductId(text)

        expect(typeof id === 'number' ? id : 'a mistake').toBe(isId ? Number(text) : 'a mistake')
      }),
    )
  })
})

describe('readListParameters', () => {
  it('never throws and never takes anything but whole numbers, whatever the query', () => {
    assert(
      property(string(), webQueryParameters(), (noise, query) => {
        const parameters = readListParameters(`http://host/products?${query}&${noise}`)

        expect(parameters).toSatisfy(
          (read: typeof parameters) =>
            'mistake' in read || (Number.isInteger(read.page) && read.count <= 10_000),
        )
      }),
    )
  })

  it('reads nothing behind a fragment', () => {
    const parameters = readListParameters('http://host/products?page=2#&count=0')

    expect(parameters).toEqual({ page: 2, count: 5 })
  })
})
