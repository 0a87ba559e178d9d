import { isUtf8 } from 'node:buffer'
import { FIELD_BYTES_MAX, type Field, readField } from './fields.ts'
import { LineSplitter } from './line-splitter.ts'
import { repairPhoto } from './photo-repair.ts'
import type { Refusal, RejectReason } from './reject-reason.ts'
import type { SourceFile } from './source-files.ts'
import { splitFields } from './split-fields.ts'

/** A row that is well-formed or was repaired. */
export interface CarefulRow {
  /** The line for COPY, with its line feed. */
  readonly copyText: Buffer
  /** What its ids and other whole numbers are, one a column. */
  readonly numbers: Int32Array
  readonly repaired: boolean
}

/** The longest line that could be a row: each field of the greatest length, and every byte of it a doubled quote. */
export function lineBytesMax({ columns }: SourceFile): number {
  return columns.length * (2 * FIELD_BYTES_MAX + '"",'.length)
}

/** Reads one line at a time and leaves nothing out: every rule of the contract on lines, quotes and fields is here. */
export class CarefulLane {
  readonly #file: SourceFile
  readonly #lineBytesMax: number
  readonly #mendsUrls: boolean
  readonly #splitter = new LineSplitter()

  constructor(file: SourceFile) {
    this.#file = file
    this.#lineBytesMax = lineBytesMax(file)
    this.#mendsUrls = file.columns.some(({ kind }) => kind === 'url')
  }

  /** Says in which whole lines those stand that are read next. */
  enter(block: Buffer): void {
    this.#splitter.enter(block)
  }

  /** Takes a line of the block, without its line end, that is not blank. */
  read(line: Buffer): CarefulRow | Refusal {
    if (line.length > this.#lineBytesMax) return wholeRow('too long')
    if (!isUtf8(line)) return this.#damagedBytes(line, 'invalid UTF-8')
    if (line.includes(0)) return this.#damagedBytes(line, 'NUL')
    const fields = this.#splitter.split(line)
    const damage = this.#damage(fields)
    if (this.#mendsUrls && (damage !== undefined || this.#lacksUrlQuotes(fields!))) {
      const repaired = repairPhoto(line.toString('latin1'))
      if (repaired !== undefined) return this.#row(repaired, true)
    }
    return damage === undefined ? this.#row(fields!, false) : wholeRow(damage)
  }

  #damage(fields: readonly Field[] | undefined): RejectReason | undefined {
    if (fields === undefined) return 'quote'
    return fields.length === this.#file.columns.length ? undefined : 'column count'
  }

  #lacksUrlQuotes(fields: readonly Field[]): boolean {
    return this.#file.columns.some(({ kind }, at) => kind === 'url' && !fields[at]!.quoted)
  }

  #row(fields: readonly Field[], quotesMended: boolean): CarefulRow | Refusal {
    const { columns } = this.#file
    const numbers = new Int32Array(columns.length)
    const texts: string[] = []
    let repaired = quotesMended
    for (const [at, { name, kind }] of columns.entries()) {
      const value = readField(kind, fields[at]!)
      if (typeof value === 'string') return { reason: value, column: name }
      numbers[at] = value.number
      texts.push(value.copyText)
      repaired ||= value.mended
    }
    return { copyText: Buffer.from(`${texts.join(',')}\n`, 'latin1'), numbers, repaired }
  }

  /** Names the column that the bytes stand in, when the row splits. */
  #damagedBytes(line: Buffer, reason: 'invalid UTF-8' | 'NUL'): Refusal {
    // csv-parse takes a NUL behind a quote for the end of the field, so another byte stands for it: when
    // the NUL is what is wrong, one that no UTF-8 has.
    const standIn = reason === 'NUL' ? '\xff' : '?'
    const fields = splitFields(
      Buffer.from(line.toString('latin1').replaceAll('\0', standIn), 'latin1'),
    )
    if (fields === undefined || this.#damage(fields) !== undefined) return wholeRow(reason)
    const at = fields.findIndex(({ text }) => !isUtf8(Buffer.from(text, 'latin1')))
    return { reason, column: this.#file.columns[at]!.name }
  }
}

const wholeRow = (reason: RejectReason): Refusal => ({ reason, column: '' })
