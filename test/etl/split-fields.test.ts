import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { splitFields } from '../../etl/split-fields.ts'

const split = (line: string) =>
  splitFields(Buffer.from(line, 'latin1'))?.map(({ text, quoted }) => (quoted ? [text] : text))

describe('the fields of a line', () => {
  it.each([
    ['1,"a",b', ['1', ['a'], 'b']],
    ['1', ['1']],
    ['"a"', [['a']]],
    [',', ['', '']],
    ['"",', [[''], '']],
    ['1,2,', ['1', '2', '']],
    ['"a,b","c""d"', [['a,b'], ['c"d']]],
    ['""""', [['"']]],
    ['" a "', [[' a ']]],
    [' a , b ', [' a ', ' b ']],
    ['"a\rb",c\rd', [['a\rb'], 'c\rd']],
    ['\r,x\r', ['\r', 'x\r']],
    ['\xef\xbb\xbf1,2', ['\xef\xbb\xbf1', '2']],
    ['#a,\\"', undefined],
    ['1,\\,2', ['1', '\\', '2']],
  ])('%j', (line, fields) => {
    expect(split(line)).toEqual(fields)
  })

  it.each([
    '"a',
    'a"',
    '"',
    '"""',
    '"a "fine" hem"',
    '"a"b',
    '"a"b"c"',
    'a"b"c',
    'a""b',
    '"a" ,b',
    'b, "a"',
    '"a"\t',
    '"a"\r',
    '"a"""b"",c',
  ])('%j does not split', (line) => {
    expect(split(line)).toBeUndefined()
  })

  it('come back as they were written, quoted or not', () => {
    // Any byte but NUL and the line feed, most often those that matter.
    const byte = fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom('"', ',', '\r', ' ', '\t', '0') },
      fc.integer({ min: 1, max: 255 }).map((code) => String.fromCharCode(code)),
    )
    const text = fc
      .array(byte, { maxLength: 8 })
      .map((bytes) => bytes.join('').replaceAll('\n', ''))
    const field = fc.record({ text, quoted: fc.boolean() }).map((drawn) => ({
      text: drawn.text,
      quoted: drawn.quoted || /[",]/.test(drawn.text),
    }))
    // A line of one empty unquoted field is a blank line, which nobody splits.
    const fields = fc
      .array(field, { minLength: 1, maxLength: 6 })
      .filter(([first, ...others]) => others.length > 0 || first!.quoted || first!.text !== '')
    fc.assert(
      fc.property(fields, (expected) => {
        const line = expected
          .map((drawn) => (drawn.quoted ? `"${drawn.text.replaceAll('"', '""')}"` : drawn.text))
          .join(',')

        expect(splitFields(Buffer.from(line, 'latin1'))).toEqual(expected)
      }),
      { numRuns: 500 },
    )
  })
})
