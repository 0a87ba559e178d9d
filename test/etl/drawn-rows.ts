import * as fc from 'fast-check'
import type { RejectReason } from '../../etl/reject-reason.ts'
import type { ColumnKind, SourceFile } from '../../etl/source-files.ts'

/** A line of a file and what must become of it. */
export interface DrawnRow {
  readonly id: number
  /** Without its line end; `badByte` stands for a byte that no UTF-8 has. */
  readonly line: string
  /** What the database holds, as text, when the row is loaded. */
  readonly values: readonly (string | null)[]
  readonly repaired: boolean
  readonly refusal: { readonly reason: RejectReason; readonly column: string } | undefined
}

/** A private character, not drawn otherwise. */
export const badByte = '\ue000'
const parents = 9

interface Cell {
  readonly written: string
  readonly value: string | null
  readonly mended?: boolean
}

interface BadCell {
  readonly written: string
  readonly reason: RejectReason
}

const bad = (reason: RejectReason, ...written: readonly string[]): BadCell[] =>
  written.map((form) => ({ written: form, reason }))

/** Rows good, dirty and damaged; ids are drawn from few, so that some come twice. */
export const rowOf = (file: SourceFile): fc.Arbitrary<DrawnRow> => {
  const rows = [goodRow(file), goodRow(file), rowWithBadCell(file), rowThatDoesNotSplit(file)]
  return fc.oneof(...rows, ...(file.name === 'photos.csv' ? [rowWithoutQuotes(file)] : []))
}

const goodRow = (file: SourceFile): fc.Arbitrary<DrawnRow> =>
  fc
    .tuple(newId, fc.tuple(...file.columns.map(({ kind }) => goodCells[kind])))
    .map(([id, cells]) => {
      const all = cells.map((cell, at) => (at === 0 ? { written: `${id}`, value: `${id}` } : cell))
      return {
        id,
        line: all.map(({ written }) => written).join(','),
        values: all.map(({ value }) => value),
        repaired: all.some(({ mended = false }) => mended),
        refusal: undefined,
      }
    })

const newId = fc.integer({ min: 1, max: 40 })

const rowWithBadCell = (file: SourceFile): fc.Arbitrary<DrawnRow> =>
  fc.nat(file.columns.length - 1).chain((at) => {
    const { name, kind, parent } = file.columns[at]!
    const orphan = { written: String(parents + 1), reason: 'orphan' } as const
    const wrong = parent === undefined ? badCells[kind] : [...badCells[kind], orphan]
    return fc
      .tuple(
        fc.tuple(...file.columns.map((column) => goodCells[column.kind])),
        fc.constantFrom(...wrong),
      )
      .map(([cells, { written, reason }]) => ({
        id: 0,
        line: cells.map((cell, nth) => (nth === at ? written : goodAt(cell, nth))).join(','),
        values: [],
        repaired: false,
        refusal: { reason, column: name },
      }))
  })

// An id that stands in no other row, so that being a duplicate is no matter.
const goodAt = ({ written }: Cell, at: number) => (at === 0 ? '1000000' : written)

const rowThatDoesNotSplit = (file: SourceFile): fc.Arbitrary<DrawnRow> =>
  goodRow(file)
    .chain(({ line }) =>
      fc.constantFrom(
        ...bad('column count', `${line},`, `${line},7`, '7'),
        ...bad('quote', `${line},"`, `${line},"a "b" c"`, `"7"x,${line}`, `7, "x",${line}`),
        ...bad('invalid UTF-8', `${line},${badByte}`),
        ...bad('NUL', `${line},\0`),
      ),
    )
    .map(({ written, reason }) => ({
      id: 0,
      line: written,
      values: [],
      repaired: false,
      refusal: { reason, column: '' },
    }))

/** A photo that lost some of its quotes, or all. */
const rowWithoutQuotes = (file: SourceFile): fc.Arbitrary<DrawnRow> => {
  const mark = fc.constantFrom('"', '')
  const marks = fc.tuple(mark, mark, mark, mark).filter((drawn) => drawn.includes(''))
  const blanks = fc.constantFrom('', ' ', '\t ')
  return fc
    .tuple(goodRow(file), goodCells.parent, fc.tuple(plainUrl, plainUrl), marks, blanks)
    .map(([{ id }, parent, [url, thumbnail], [a, b, c, d], blank]) => ({
      id,
      line: `${id},${parent.written},${blank}${a}${url}${b},${blank}${c}${thumbnail}${d}${blank}`,
      values: [`${id}`, parent.value, url, thumbnail],
      repaired: true,
      refusal: undefined,
    }))
}

const plainUrl = fc
  .array(fc.constantFrom('a', 'é', '/', '&', '=', ' x'), { maxLength: 40 })
  .map((letters) => `https://${letters.join('')}`)

const dressed = (digits: string): fc.Arbitrary<string> =>
  fc.constantFrom(
    digits,
    ` ${digits}`,
    `${digits}\t `,
    `00${digits}`,
    `"${digits}"`,
    `" ${digits} "`,
  )

const numberBetween = (min: number, max: number): fc.Arbitrary<Cell> =>
  fc
    .oneof(fc.integer({ min, max }), fc.constantFrom(min, max))
    .chain((number) => dressed(`${number}`).map((written) => ({ written, value: `${number}` })))

const price: fc.Arbitrary<Cell> = fc
  .tuple(
    fc.oneof(fc.integer({ min: 1, max: 5_000 }), fc.integer({ min: 1, max: 2147483646 })),
    fc.constantFrom('', '.5', '.00', '.99'),
  )
  .chain(([whole, cents]) => {
    const grouped = String(whole).replaceAll(/\B(?=(\d{3})+$)/g, ',')
    const value = `${whole}${cents === '' ? '.00' : cents.padEnd(3, '0')}`
    return fc
      .oneof(
        dressed(`${whole}${cents}`),
        fc.constantFrom(`$${whole}${cents}`, ` $${whole}${cents} `, `"$${grouped}${cents}"`),
      )
      .map((written) => ({ written, value }))
  })

// Whatever a text may be: quotes, commas, carriage returns, what looks like NULL or the end of a COPY.
const text: fc.Arbitrary<string> = fc
  .oneof(
    fc.string({ unit: 'grapheme', maxLength: 30 }),
    fc.constantFrom('', 'null', 'NULL', ' null ', '\\.', '\\N', '"', '""', '\r', 'a\r', '0', ' '),
    fc
      .array(fc.constantFrom('"', ',', '\r', '\t', ' ', '\\', 'é', 'x'), { maxLength: 80 })
      .map((letters) => letters.join('')),
  )
  .map((drawn) => drawn.replaceAll(/[\n\0\ue000]/g, ''))

const quoted = (drawn: string) => `"${drawn.replaceAll('"', '""')}"`

const textCell = (drawn: string): fc.Arbitrary<Cell> => {
  const needsQuotes = /[",\r]/.test(drawn) || drawn === 'null'
  return fc
    .constantFrom(quoted(drawn), needsQuotes ? quoted(drawn) : drawn)
    .map((written) => ({ written, value: drawn }))
}

const nothing = (...written: readonly string[]): fc.Arbitrary<Cell> =>
  fc.constantFrom(...written.map((form) => ({ written: form, value: null })))

const goodCells: Record<ColumnKind, fc.Arbitrary<Cell>> = {
  id: numberBetween(1, 40),
  parent: numberBetween(1, parents),
  quantity: numberBetween(0, 2147483647),
  flag: fc.constantFrom(
    { written: '1', value: 'true' },
    { written: ' 1', value: 'true' },
    { written: '"1"', value: 'true' },
    { written: '0', value: 'false' },
    { written: '0\t', value: 'false' },
    { written: '00', value: 'false' },
  ),
  price,
  nullablePrice: fc.oneof(price, nothing('null', ' null ', '', '0', '0.00', '$0', '"0"', ' 0 ')),
  text: text.chain(textCell),
  nullableText: fc.oneof(
    text.filter((drawn) => drawn !== 'null').chain(textCell),
    nothing('null', '"null"'),
  ),
  url: fc.oneof(
    plainUrl.map((url) => ({ written: `"${url}"`, value: url })),
    plainUrl.map((url) => ({ written: `"u${url}"`, value: url, mended: true })),
    text
      .filter((drawn) => !drawn.startsWith('uhttps://'))
      .map((drawn) => ({ written: quoted(drawn), value: drawn })),
  ),
}

const badNumbers = [
  ...bad('number', '', '""', 'abc', '1.5', '1 2', '+5', '1e3', '1\r2', '"null"'),
  ...bad('null', 'null', ' null '),
  ...bad('out of range', '-7', '2147483648', '99999999999999999999', '"-1"'),
]
const badBytes = [...bad('invalid UTF-8', `"a${badByte}"`, badByte), ...bad('NUL', '"a\0b"', '\0')]
const badPrices = [
  ...bad('price', '""', 'on request', '-5', '"12,99"', '140.005', '$', '1 .5', '"null"', '1e3'),
  ...bad('out of range', '2147483647.01', '"$2,147,483,648"', '99999999999'),
]
const badCells: Record<ColumnKind, readonly BadCell[]> = {
  id: [...badNumbers, ...bad('out of range', '0')],
  parent: [...badNumbers, ...bad('out of range', '0', '-0')],
  quantity: badNumbers,
  flag: [...bad('flag', '2', '-1', 'true', '', '""', '99999999999'), ...bad('null', 'null')],
  price: [...badPrices, ...bad('price', ''), ...bad('null', 'null')],
  nullablePrice: badPrices,
  text: [...badBytes, ...bad('null', 'null')],
  nullableText: badBytes,
  url: [...badBytes, ...bad('null', 'null')],
}
