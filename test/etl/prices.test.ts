import { describe, expect, it } from 'vitest'
import { parsePrice } from '../../etl/prices.ts'

describe('a price', () => {
  it.each([
    ['140', '140'],
    ['140.00', '140.00'],
    ['140.5', '140.5'],
    ['$140', '140'],
    ['$1,299', '1299'],
    ['1,299.95', '1299.95'],
    ['12,345,678', '12345678'],
    ['500000000', '500000000'],
    ['0', '0'],
    ['007', '7'],
    ['0.07', '0.07'],
  ])('%s is %s', (text, price) => {
    expect(parsePrice(text)).toBe(price)
  })

  it.each([
    '',
    '$',
    '-5',
    '+5',
    '12,99',
    '1,2345',
    '12,34,567',
    ',123',
    '1.299,00',
    '140.',
    '.5',
    '140.005',
    '140 USD',
    '$ 140',
    '$$1',
    '€140',
    '1e3',
    'NaN',
    'Infinity',
    '0x1F',
    '1_000',
    '1 000',
    '１２',
    '140\n',
  ])('%j is none', (text) => {
    expect(parsePrice(text)).toBeUndefined()
  })
})
