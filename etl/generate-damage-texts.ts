import { isNull, type Cells } from './generate-cells.ts'
import { accepted, brokenForm, cellForm, rare, recast, rejected } from './generate-damage-forms.ts'
import { bareNull } from './generate-damage-numbers.ts'
import type { DamageCase, DamageForm, Line } from './generate-damage.ts'

/** Names, slogans, descriptions, categories, features and sizes. */
export function textCases(column: string, index: number): DamageCase[] {
  return [
    bareNull(column, index),
    ...brokenTextCases(column, index),
    accepted(column, [recast('an unquoted text', index, unquoted, isSimple)], { least: 2 }),
    ...(column === 'description' ? [tooLong(column, index)] : []),
  ]
}

/** features.value: a text or nothing. */
export function featureValueCases(column: string, index: number): DamageCase[] {
  return [
    ...brokenTextCases(column, index),
    accepted(column, [recast('an unquoted text', index, unquoted, isSimple)], { least: 2 }),
    accepted(column, [recast('null in quotes', index, () => '"null"', isNull)], { least: 3 }),
    accepted(column, [rare(recast('an unquoted empty text', index, () => '', isEmpty))]),
    tooLong(column, index),
  ]
}

/** Bytes that no text may hold, the same for texts and urls. */
export function byteCases(column: string, index: number): DamageCase[] {
  return [
    rejected('invalid UTF-8', column, [
      withBytes('a byte that UTF-8 never uses', index, [0xff]),
      withBytes('a Latin-1 letter', index, [0xe9]),
      withBytes('a character cut short', index, [0xf0, 0x9f, 0xa7]),
      withBytes('an overlong encoding', index, [0xc0, 0xaf]),
      withBytes('half of a surrogate pair', index, [0xed, 0xa0, 0x80]),
    ]),
    rejected('NUL', column, [recast('a NUL', index, (cell) => `"\0${cell.slice(1)}`, isQuoted)]),
  ]
}

function brokenTextCases(column: string, index: number): DamageCase[] {
  return [
    rejected('quote', '', quoteForms(index), { least: 2 }),
    rejected('quote', '', [lineBreak(index)]),
    ...byteCases(column, index),
  ]
}

function quoteForms(index: number): DamageForm[] {
  const form = (damage: string, change: (cell: string) => string) =>
    recast(damage, index, change, isQuoted)
  return [
    form('opening quote missing', (cell) => cell.slice(1)),
    form('closing quote missing', (cell) => cell.slice(0, -1)),
    form('quotes inside not doubled', (cell) => `"a "fine" ${cell.slice(1)}`),
    form('a blank between quote and comma', (cell) => `${cell} `),
    form('a blank between comma and quote', (cell) => ` ${cell}`),
    form('text after the closing quote', (cell) => `${cell}x`),
  ]
}

// The break takes the place of a blank, so that each half looks like the text it came from.
function lineBreak(index: number): DamageForm {
  return brokenForm(index, atBlank, isOfTwoWords)
}

function atBlank(cell: string): [string, string] {
  const blank = cell.indexOf(' ')
  return [cell.slice(0, blank), cell.slice(blank + 1)]
}

function isOfTwoWords(cell: string): boolean {
  return /^"[^" ]+ [^"]+"$/.test(cell)
}

const fieldBytesMax = 1 << 20

function tooLong(column: string, index: number): DamageCase {
  const form = recast('a field of one byte more than 1 MiB', index, longText)
  return rejected('too long', column, [form], { everyRows: Infinity })
}

// Made when it is needed: nothing this large should stay in memory.
function longText(): string {
  return `"${'x'.repeat(fieldBytesMax + 1)}"`
}

function withBytes(damage: string, index: number, bytes: readonly number[]): DamageForm {
  const write = (cells: Cells): Line[] => {
    const before = `${[...cells.slice(0, index), ''].join(',')}"`
    const after = [cells[index]?.slice(1), ...cells.slice(index + 1)].join(',')
    return [Buffer.concat([Buffer.from(before), Uint8Array.from(bytes), Buffer.from(after)])]
  }
  return cellForm(damage, index, write, isQuoted)
}

function unquoted(cell: string): string {
  return cell.slice(1, -1)
}

// Free of commas and quotes, not `null`, and no blank at either end.
function isSimple(cell: string): boolean {
  return /^"[^",\s]([^",]*[^",\s])?"$/.test(cell) && cell !== '"null"'
}

// A text of one character at least: a damaged `""` could mean something else.
function isQuoted(cell: string): boolean {
  return cell.startsWith('"') && cell.length > 2
}

function isEmpty(cell: string): boolean {
  return cell === '""'
}
