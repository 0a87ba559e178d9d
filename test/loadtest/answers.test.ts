import { describe, expect, it } from 'vitest'

import { faultOf } from '../../loadtest/answers.ts'
import { ask } from '../../loadtest/traffic.ts'
import type { Ask } from '../../loadtest/traffic.ts'

const row = {
  id: 2,
  name: 'Bright Future Sunglasses',
  slogan: "You've got to wear shades",
  description: 'Dark.',
  category: 'Accessories',
  default_price: '69.00',
}
const product = {
  ...row,
  features: [
    { feature: 'Lenses', value: 'Ultrasheen' },
    { feature: 'UV Protection', value: null },
  ],
}
const style = {
  style_id: 1,
  name: 'Forest Green & Black',
  original_price: '140.00',
  sale_price: null,
  'default?': true,
  photos: [{ thumbnail_url: null, url: null }],
  skus: { null: { quantity: null, size: null } },
}
const styles = { product_id: '2', results: [style, { ...style, style_id: 2, sale_price: '9.50' }] }
const problem = { type: 'about:blank', title: 'Not Found', status: 404, detail: '', instance: '' }
const list: Ask = { route: 'list', path: '/products?count=2', count: 2, known: true }

const judge = (asked: Ask, body: unknown, status = 200) =>
  faultOf(asked, status, JSON.stringify(body))

describe('a right answer', () => {
  it('of each route has no fault', () => {
    expect(judge(ask('product', 2), product)).toBeUndefined()
    expect(judge(ask('styles', 2), styles)).toBeUndefined()
    expect(judge(ask('related', 2), [3, 3, 2])).toBeUndefined()
    expect(judge(list, [row, { ...row, id: 9 }])).toBeUndefined()
    expect(judge(ask('product', 7, false), problem, 404)).toBeUndefined()
  })

  it('may be empty where the contract lets it', () => {
    expect(judge(ask('product', 2), { ...product, features: [] })).toBeUndefined()
    expect(judge(ask('styles', 2), { product_id: '2', results: [] })).toBeUndefined()
    expect(judge(ask('related', 2), [])).toBeUndefined()
    expect(judge(list, [])).toBeUndefined()
  })

  it('may have skus of the same size', () => {
    const skus = { '1': { quantity: 8, size: 'XS' }, '2': { quantity: 0, size: 'XS' } }

    expect(judge(ask('styles', 2), { ...styles, results: [{ ...style, skus }] })).toBeUndefined()
  })
})

describe('a wrong answer', () => {
  const wrongStyle = (change: object) => ({ ...styles, results: [{ ...style, ...change }] })
  const wrong: [string, Ask, unknown, string][] = [
    ['another product', ask('product', 3), product, 'expected product 3, came 2'],
    ['a numeric price', ask('product', 2), { ...product, default_price: 69 }, 'came 69'],
    ['a price without cents', ask('product', 2), { ...product, default_price: '69' }, 'came "69"'],
    ['no features', ask('product', 2), row, 'expected features'],
    ['a missing text', ask('product', 2), { ...product, slogan: null }, 'a text as slogan'],
    [
      'the text "null"',
      ask('product', 2),
      { ...product, features: [{ feature: 'Lenses', value: 'null' }] },
      'its value or null',
    ],
    ['a feature without value', ask('product', 2), { ...product, features: [{}] }, 'feature'],
    ['styles of another product', ask('styles', 3), styles, 'product_id "3"'],
    ['a numeric product_id', ask('styles', 2), { ...styles, product_id: 2 }, 'came 2'],
    ['styles out of order', ask('styles', 2), { ...styles, results: [style, style] }, 'above 1'],
    ['a sale price of 0', ask('styles', 2), wrongStyle({ sale_price: '0' }), 'a sale price'],
    ['default? as a number', ask('styles', 2), wrongStyle({ 'default?': 1 }), 'default?'],
    ['no photos', ask('styles', 2), wrongStyle({ photos: [] }), 'expected photos'],
    ['a photo without url', ask('styles', 2), wrongStyle({ photos: [{}] }), 'thumbnail_url'],
    ['no skus', ask('styles', 2), wrongStyle({ skus: {} }), 'expected skus'],
    ['a sku without size', ask('styles', 2), wrongStyle({ skus: { 1: { quantity: 1 } } }), 'sku'],
    [
      'skus by size',
      ask('styles', 2),
      wrongStyle({ skus: { XS: { quantity: 1, size: 'XS' } } }),
      'sku',
    ],
    ['related products', ask('related', 2), [{ id: 1 }], 'expected ids'],
    ['related id 0', ask('related', 2), [0], 'came 0'],
    ['more rows than asked for', list, [row, { ...row, id: 3 }, { ...row, id: 4 }], 'at most 2'],
    ['rows out of order', list, [{ ...row, id: 3 }, row], 'an id above 3'],
    ['features in a list', list, [product], 'no features in a list'],
    ['an object as list', list, product, 'expected an array'],
  ]
  for (const [title, asked, body, fault] of wrong) {
    it(`is told: ${title}`, () => {
      expect(judge(asked, body)).toContain(fault)
    })
  }

  it('is told when it is no JSON, with the beginning of what came', () => {
    expect(faultOf(list, 200, '<html>Bad Gateway')).toBe('expected JSON, came <html>Bad Gateway')
    expect(faultOf(list, 200, null)).toBe('expected JSON, came nothing')
  })

  it('is told when a 404 is no problem document', () => {
    expect(judge(ask('product', 7, false), 'Not found', 404)).toContain('expected a problem')
    expect(judge(ask('product', 7, false), { ...problem, status: 400 }, 404)).toContain('came 400')
  })
})
