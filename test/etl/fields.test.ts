import { describe, expect, it } from 'vitest'
import { FIELD_BYTES_MAX, readField } from '../../etl/fields.ts'
import type { ColumnKind } from '../../etl/source-files.ts'

/** What COPY is given for a field written like this, or why it is rejected. */
const read = (kind: ColumnKind, written: string): string => {
  const quoted = /^"(.*)"$/s.exec(written)
  const value = readField(kind, { text: quoted?.[1] ?? written, quoted: quoted !== null })
  return typeof value === 'string' ? value : `→ ${value.copyText}`
}

describe('an id', () => {
  it.each([
    ['11', '→ 11'],
    [' 11', '→ 11'],
    ['\t11 ', '→ 11'],
    ['"11"', '→ 11'],
    ['" 11"', '→ 11'],
    ['007', '→ 7'],
    ['2147483647', '→ 2147483647'],
    ['0000000000000000011', '→ 11'],
    ['2147483648', 'out of range'],
    ['99999999999999999999', 'out of range'],
    ['0', 'out of range'],
    ['-0', 'out of range'],
    ['-7', 'out of range'],
    ['', 'number'],
    ['""', 'number'],
    ['  ', 'number'],
    ['abc', 'number'],
    ['12a', 'number'],
    ['1.0', 'number'],
    ['1 2', 'number'],
    ['1e3', 'number'],
    ['+5', 'number'],
    ['--5', 'number'],
    ['-', 'number'],
    ['0x1F', 'number'],
    ['1_000', 'number'],
    ['１２', 'number'],
    ['\u00a011', 'number'],
    ['11\r', 'number'],
    ['NaN', 'number'],
    ['null', 'null'],
    [' null ', 'null'],
    ['"null"', 'number'],
    ['NULL', 'number'],
  ])('written %j: %s', (written, outcome) => {
    expect(read('id', written)).toBe(outcome)
    expect(read('parent', written)).toBe(outcome)
  })
})

describe('a quantity', () => {
  it.each([
    ['0', '→ 0'],
    ['-0', '→ 0'],
    [' 16', '→ 16'],
    ['-1', 'out of range'],
    ['2147483648', 'out of range'],
    ['', 'number'],
    ['null', 'null'],
  ])('written %j: %s', (written, outcome) => {
    expect(read('quantity', written)).toBe(outcome)
  })
})

describe('a flag', () => {
  it.each([
    ['0', '→ 0'],
    ['1', '→ 1'],
    [' 1\t', '→ 1'],
    ['"1"', '→ 1'],
    ['01', '→ 1'],
    ['-0', '→ 0'],
    ['2', 'flag'],
    ['-1', 'flag'],
    ['true', 'flag'],
    ['t', 'flag'],
    ['', 'flag'],
    ['99999999999', 'flag'],
    ['null', 'null'],
  ])('written %j: %s', (written, outcome) => {
    expect(read('flag', written)).toBe(outcome)
  })
})

describe('a price', () => {
  it.each([
    ['140', '→ 140'],
    ['$140', '→ 140'],
    [' 140.00 ', '→ 140.00'],
    ['"1,299"', '→ 1299'],
    ['"$1,299.5"', '→ 1299.5'],
    ['500000000', '→ 500000000'],
    ['2147483647', '→ 2147483647'],
    ['2147483647.00', '→ 2147483647.00'],
    ['0', '→ 0'],
    ['2147483647.01', 'out of range'],
    ['2147483648', 'out of range'],
    ['"$2,147,483,648.00"', 'out of range'],
    ['', 'price'],
    ['""', 'price'],
    ['-5', 'price'],
    ['on request', 'price'],
    ['null', 'null'],
    ['"null"', 'price'],
  ])('written %j: %s', (written, outcome) => {
    expect(read('price', written)).toBe(outcome)
  })
})

describe('a sale price', () => {
  it.each([
    ['100', '→ 100'],
    ['0.01', '→ 0.01'],
    ['null', '→ null'],
    [' null\t', '→ null'],
    ['', '→ null'],
    [' ', '→ null'],
    ['0', '→ null'],
    ['0.00', '→ null'],
    ['$0', '→ null'],
    ['"0"', '→ null'],
    ['000', '→ null'],
    ['""', 'price'],
    ['"null"', 'price'],
    ['NULL', 'price'],
    ['none', 'price'],
    ['2147483648', 'out of range'],
  ])('written %j: %s', (written, outcome) => {
    expect(read('nullablePrice', written)).toBe(outcome)
  })
})

describe('a text', () => {
  it.each([
    ['"Camo  Onesie "', '→ "Camo  Onesie "'],
    ['Camo Onesie', '→ "Camo Onesie"'],
    ['', '→ ""'],
    ['""', '→ ""'],
    ['"null"', '→ "null"'],
    [' null ', '→ " null "'],
    ['NULL', '→ "NULL"'],
    ['\\.', '→ "\\."'],
    ['null', 'null'],
  ])('written %j: %s', (written, outcome) => {
    expect(read('text', written)).toBe(outcome)
    expect(read('url', written)).toBe(outcome)
  })

  it('has its quotes doubled', () => {
    expect(readField('text', { text: 'a "fine" hem', quoted: true })).toMatchObject({
      copyText: '"a ""fine"" hem"',
    })
  })

  it('is at most 1 MiB long', () => {
    const text = 'x'.repeat(FIELD_BYTES_MAX)

    expect(readField('text', { text, quoted: true })).toMatchObject({ copyText: `"${text}"` })
    expect(readField('text', { text: `${text}x`, quoted: true })).toBe('too long')
    expect(readField('quantity', { text: `${text}x`, quoted: true })).toBe('too long')
  })
})

describe('a feature value', () => {
  it.each([
    ['null', '→ null'],
    ['"null"', '→ null'],
    ['', '→ ""'],
    ['""', '→ ""'],
    [' null', '→ " null"'],
    ['"Null"', '→ "Null"'],
    ['Canvas', '→ "Canvas"'],
  ])('written %j: %s', (written, outcome) => {
    expect(read('nullableText', written)).toBe(outcome)
  })
})

describe('a url', () => {
  it('loses the u of uhttps:// and of nothing else', () => {
    expect(readField('url', { text: 'uhttps://a', quoted: true })).toEqual({
      copyText: '"https://a"',
      number: 0,
      mended: true,
    })
    for (const text of ['uhttp://a', 'Uhttps://a', ' uhttps://a', 'uhttps:/a', 'https://a']) {
      expect(readField('url', { text, quoted: true })).toEqual({
        copyText: `"${text}"`,
        number: 0,
        mended: false,
      })
    }
  })
})
