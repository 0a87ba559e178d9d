import { parse } from 'csv-parse/sync'
import { isUtf8 } from 'node:buffer'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { sourceFiles, type SourceColumn, type SourceFile } from '../../etl/source-files.ts'

/** What a plain reading of the contract makes of one line that is not simply a good row. */
interface Finding {
  file: string
  line: number
  /** Empty for the whole row, and for repaired rows. */
  column: string
  outcome: 'rejected' | 'repaired'
  reason: string
}

/** The values of the rows that load, in the order of the file; null is SQL NULL. */
type LoadedRow = readonly (string | null)[]

export interface Reading {
  findings: Finding[]
  rows: Map<string, LoadedRow[]>
  lines: Map<string, number>
}

const int4Max = 2_147_483_647

/**
 * Reads a catalogue the slow way: whole files in memory, csv-parse on one line at a time, checks in the order of
 * the contract. It shares no code with the import, so that both can be held against the manifest.
 */
export function readCatalogue(dir: string): Reading {
  const reading: Reading = { findings: [], rows: new Map(), lines: new Map() }
  for (const file of sourceFiles) readSource(dir, file, reading)
  return reading
}

function readSource(dir: string, file: SourceFile, { findings, rows, lines }: Reading): void {
  const loaded = new Map<string, LoadedRow>()
  const idsOf = (name: string) => new Set(rows.get(name)?.map(([id]) => id))
  const parents = file.columns.map(({ parent }) =>
    parent === undefined ? undefined : idsOf(parent),
  )
  const contents = readFileSync(join(dir, file.name)).toString('latin1').split('\n')
  let count = 0
  for (const [index, raw] of contents.entries()) {
    if (index === 0 || raw.trim() === '') continue
    count++
    const found = (outcome: Finding['outcome'], reason: string, column = '') =>
      findings.push({ file: file.name, line: index + 1, column, outcome, reason })
    const row = readRow(file, Buffer.from(raw.replace(/\r$/, ''), 'latin1'))
    if ('reason' in row) {
      found('rejected', row.reason, row.column)
      continue
    }
    const orphan = parents.findIndex(
      (ids, at) => ids !== undefined && !ids.has(row.values[at] ?? ''),
    )
    if (orphan >= 0) found('rejected', 'orphan', file.columns[orphan]?.name)
    else if (loaded.has(row.values[0] as string)) found('rejected', 'duplicate', 'id')
    else {
      loaded.set(row.values[0] as string, row.values)
      if (row.isRepaired) found('repaired', '')
    }
  }
  rows.set(file.name, [...loaded.values()])
  lines.set(file.name, count)
}

type Row = { values: LoadedRow; isRepaired?: true } | { reason: string; column?: string }

function readRow(file: SourceFile, raw: Buffer): Row {
  if (!isUtf8(raw)) return { reason: 'invalid UTF-8', column: columnOf(file, raw, isInvalid) }
  const text = raw.toString()
  if (text.includes('\0')) return { reason: 'NUL', column: columnOf(file, raw, hasNul) }
  const cells = splitWhole(text)
  if (file.name === 'photos.csv') return readPhoto(file, text, cells)
  return cells === undefined ? { reason: 'quote' } : checked(file, cells)
}

const isInvalid = (value: string) => !isUtf8(Buffer.from(value, 'latin1'))
const hasNul = (value: string) => value.includes('\0')

// csv-parse can split what Latin-1 makes of the bytes: none of them looks like a comma or a quote.
function columnOf(file: SourceFile, raw: Buffer, isBad: (value: string) => boolean): string {
  const cells = splitWhole(raw.toString('latin1')) ?? []
  return file.columns[cells.findIndex(({ value }) => isBad(value))]?.name ?? ''
}

interface Cell {
  value: string
  isQuoted: boolean
}

/** The cells of a line whose quotes are whole, else undefined. */
function splitWhole(text: string): Cell[] | undefined {
  try {
    const records = parse(text, {
      record_delimiter: '\n',
      relax_column_count: true,
      cast: (value, { quoting }) => ({ value, isQuoted: quoting }),
    }) as unknown as Cell[][]
    // csv-parse keeps quotes within unquoted fields that begin with a blank; the contract does not.
    return records[0]?.some(({ value, isQuoted }) => !isQuoted && value.includes('"'))
      ? undefined
      : records[0]
  } catch {
    return undefined
  }
}

function readPhoto(file: SourceFile, text: string, cells: Cell[] | undefined): Row {
  if (cells !== undefined && cells.length !== 4) return { reason: 'column count' }
  const isWhole = cells
    ?.slice(2)
    .every(({ value, isQuoted }) => isQuoted || !value.startsWith('http'))
  if (cells !== undefined && isWhole === true) {
    const row = checked(file, cells)
    if ('reason' in row) return row
    const values = row.values.map((value) => value?.replace(/^uhttp/, 'http') ?? null)
    return values.join() === row.values.join() ? row : { values, isRepaired: true }
  }
  const pieces = text.split(',').map((piece) => piece.replaceAll('"', ''))
  const isMendable =
    pieces.length === 4 && pieces.slice(2).every((piece) => piece.startsWith('http'))
  if (!isMendable) return { reason: 'quote' }
  const row = checked(
    file,
    pieces.map((value, at) => ({ value, isQuoted: at > 1 })),
  )
  return 'reason' in row ? row : { ...row, isRepaired: true }
}

function checked(file: SourceFile, cells: Cell[]): Row {
  if (cells.length !== file.columns.length) return { reason: 'column count' }
  const values: (string | null)[] = []
  for (const [index, column] of file.columns.entries()) {
    const value = valueOf(column, cells[index] as Cell)
    if (typeof value === 'object' && value !== null) return { ...value, column: column.name }
    values.push(value)
  }
  return { values }
}

type Value = string | null | { reason: string }

function valueOf({ kind }: SourceColumn, { value, isQuoted }: Cell): Value {
  if (Buffer.byteLength(value) > 1 << 20) return { reason: 'too long' }
  if (kind === 'nullableText') return value === 'null' ? null : value
  if (value === 'null' && !isQuoted) return kind === 'nullablePrice' ? null : { reason: 'null' }
  if (kind === 'text' || kind === 'url') return value
  const number = value.replace(/^[ \t]+|[ \t]+$/g, '')
  if (kind === 'price' || kind === 'nullablePrice') return priceOf(number, kind === 'nullablePrice')
  if (kind === 'flag') return /^[01]$/.test(number) ? number : { reason: 'flag' }
  if (!/^-?\d+$/.test(number)) return { reason: 'number' }
  const min = kind === 'quantity' ? 0 : 1
  return Number(number) >= min && Number(number) <= int4Max
    ? String(Number(number))
    : { reason: 'out of range' }
}

function priceOf(text: string, isNullable: boolean): Value {
  if (isNullable && text === '') return null
  if (!/^\$?(\d+|\d{1,3}(,\d{3})+)(\.\d{1,2})?$/.test(text)) return { reason: 'price' }
  const price = Number(text.replaceAll(/[$,]/g, ''))
  if (price > int4Max) return { reason: 'out of range' }
  return isNullable && price === 0 ? null : price.toFixed(2)
}
