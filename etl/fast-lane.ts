import { ascii } from './ascii.ts'
import { LineEdits } from './line-edits.ts'
import {
  closed,
  isBlankByte,
  isDigit,
  hasWord,
  isFieldEnd,
  skipBlanks,
  unquotedEnd,
} from './plain-bytes.ts'
import type { ColumnKind, SourceFile } from './source-files.ts'

/** Longer lines go the careful way, which knows how long a field may be. */
const LINE_BYTES_MAX = 64 * 1024
/** A quote this near is found sooner byte by byte than by a call out of JavaScript, which takes as long as 20 bytes. */
const NEAR_BYTES = 24
/** The largest number that takes another digit without overflow of int4, but for its last digit. */
const INT4_TENTH = 214748364

const nullWord = Buffer.from('null')
const httpWord = Buffer.from('http')
const uhttpsWord = Buffer.from('uhttps://')

/**
 * Recognises lines that are plainly well-formed, byte by byte, and accepts exactly what the careful lane would load
 * the same way. It never rejects: a line that it does not know goes to the careful lane.
 */
export class FastLane {
  /** The ids and parent ids of the line accepted last, at the places of their columns. */
  readonly numbers: Int32Array
  /** What to change in the line accepted last. */
  readonly edits = new LineEdits()
  /** Whether the line accepted last was mended. */
  repaired = false
  readonly #kinds: readonly ColumnKind[]
  readonly #urlColumns: number
  #number = 0
  /** How many urls of the line at hand stand without quotes. */
  #bareUrls = 0
  /** The end of the line at hand, once somebody had to look for it. */
  #lineFeed = -1

  constructor(file: SourceFile) {
    this.#kinds = file.columns.map(({ kind }) => kind)
    this.#urlColumns = this.#kinds.filter((kind) => kind === 'url').length
    this.numbers = new Int32Array(this.#kinds.length)
  }

  /** Gives the place behind the line feed of the line that begins at `start`, or -1 when the line is not plain. */
  scan(bytes: Buffer, start: number): number {
    this.edits.count = 0
    this.repaired = false
    this.#lineFeed = -1
    this.#bareUrls = 0
    const last = this.#kinds.length - 1
    let at = start
    for (let column = 0; column < last; column++) {
      at = this.#field(bytes, at, column)
      if (at < 0 || bytes[at] !== ascii.comma) return -1
      at++
    }
    at = this.#field(bytes, at, last)
    if (at < 0) return -1
    if (bytes[at] === ascii.cr) {
      this.edits.drop(at)
      at++
    }
    if (bytes[at] !== ascii.lf || at - start > LINE_BYTES_MAX) return -1
    // One url without quotes beside one with them counts as mended only under conditions that are rarely asked.
    if (this.#bareUrls > 0 && this.#bareUrls < this.#urlColumns) return -1
    return at + 1
  }

  /** Gives the place behind the field, or -1. */
  #field(bytes: Buffer, at: number, column: number): number {
    switch (this.#kinds[column]!) {
      case 'id':
      case 'parent':
        return this.#id(bytes, at, column)
      case 'quantity':
        return this.#quantity(bytes, at)
      case 'flag':
        return this.#flag(bytes, at)
      case 'text':
        return this.#text(bytes, at)
      case 'nullableText':
        return this.#nullableText(bytes, at)
      case 'url':
        return this.#url(bytes, at)
      case 'price':
        return this.#price(bytes, at)
      case 'nullablePrice':
      default:
        return this.#nullablePrice(bytes, at)
    }
  }

  #id(bytes: Buffer, at: number, column: number): number {
    const end = this.#quantity(bytes, at)
    this.numbers[column] = this.#number
    return this.#number > 0 ? end : -1
  }

  #quantity(bytes: Buffer, at: number): number {
    if (bytes[at] !== ascii.quote) return this.#integer(bytes, at)
    return closed(bytes, this.#integer(bytes, at + 1))
  }

  /** Reads digits and the blanks around them into `#number`. */
  #integer(bytes: Buffer, start: number): number {
    let at = skipBlanks(bytes, start)
    const digits = at
    let number = 0
    for (let digit = bytes[at]! - ascii.zero; digit >= 0 && digit <= 9;) {
      if (number > INT4_TENTH) return -1
      number = (number * 10 + digit) | 0
      digit = bytes[++at]! - ascii.zero
    }
    // Past int4 the last digit makes the number negative.
    if (at === digits || number < 0) return -1
    this.#number = number
    return skipBlanks(bytes, at)
  }

  #flag(bytes: Buffer, start: number): number {
    const quoted = bytes[start] === ascii.quote
    const at = skipBlanks(bytes, quoted ? start + 1 : start)
    if (bytes[at] !== ascii.zero && bytes[at] !== ascii.one) return -1
    const end = skipBlanks(bytes, at + 1)
    return quoted ? closed(bytes, end) : end
  }

  #text(bytes: Buffer, at: number): number {
    if (bytes[at] === ascii.quote) return this.#quotedEnd(bytes, at + 1)
    return isNull(bytes, at) ? -1 : unquotedEnd(bytes, at)
  }

  #nullableText(bytes: Buffer, at: number): number {
    if (bytes[at] !== ascii.quote) return unquotedEnd(bytes, at)
    const end = this.#quotedEnd(bytes, at + 1)
    if (end === at + '"null"'.length && hasWord(bytes, at + 1, nullWord)) {
      this.edits.setNull(at, end)
    }
    return end
  }

  #url(bytes: Buffer, at: number): number {
    if (bytes[at] !== ascii.quote) return this.#bareUrl(bytes, at)
    if (hasWord(bytes, at + 1, uhttpsWord)) {
      this.edits.drop(at + 1)
      this.repaired = true
    }
    // No url is short.
    return this.#farQuotedEnd(bytes, at + 1)
  }

  /** A url that lost both quotes. */
  #bareUrl(bytes: Buffer, at: number): number {
    const end = unquotedEnd(bytes, at)
    if (end < 0 || !hasWord(bytes, at, httpWord) || isBlankByte(bytes[end - 1]!)) return -1
    this.#bareUrls++
    this.repaired = true
    return end
  }

  #price(bytes: Buffer, at: number): number {
    if (bytes[at] !== ascii.quote) return this.#amount(bytes, at)
    return closed(bytes, this.#amount(bytes, at + 1))
  }

  /** Reads a price without thousands; `#number` is not 0 unless the price is. */
  #amount(bytes: Buffer, start: number): number {
    let at = skipBlanks(bytes, start)
    if (bytes[at] === ascii.dollar) {
      this.edits.drop(at)
      if (!isDigit(bytes[++at]!)) return -1
    }
    at = this.#integer(bytes, at)
    if (at < 0 || bytes[at] !== ascii.dot) return at
    // «1 .5» is no price.
    if (!isDigit(bytes[at - 1]!) || !isDigit(bytes[++at]!)) return -1
    let cents = bytes[at]! - ascii.zero
    if (isDigit(bytes[++at]!)) cents += bytes[at++]! - ascii.zero
    if (cents > 0) {
      if (this.#number > INT4_TENTH * 10) return -1
      this.#number++
    }
    return skipBlanks(bytes, at)
  }

  #nullablePrice(bytes: Buffer, at: number): number {
    if (isNull(bytes, at)) return at + 'null'.length
    if (bytes[at] === ascii.comma) {
      this.edits.setNull(at, at)
      return at
    }
    const { count } = this.edits
    const end = this.#amount(bytes, at)
    if (end >= 0 && this.#number === 0) {
      this.edits.count = count
      this.edits.setNull(at, end)
    }
    return end
  }

  /** Gives the place behind the closing quote, or -1 when the line ends before it. */
  #quotedEnd(bytes: Buffer, start: number): number {
    const far = start + NEAR_BYTES
    let at = start
    while (at < far) {
      const byte = bytes[at++]
      if (byte === ascii.quote) {
        if (bytes[at] !== ascii.quote) return at
        at++
      } else if (byte === ascii.lf) return -1
    }
    return this.#farQuotedEnd(bytes, at)
  }

  #farQuotedEnd(bytes: Buffer, start: number): number {
    if (this.#lineFeed < start) this.#lineFeed = bytes.indexOf(ascii.lf, start)
    for (let at = start; ;) {
      const quote = bytes.indexOf(ascii.quote, at)
      if (quote < 0 || quote > this.#lineFeed) return -1
      if (bytes[quote + 1] !== ascii.quote) return quote + 1
      at = quote + 2
    }
  }
}

/** Whether the whole field is an unquoted `null`. */
const isNull = (bytes: Buffer, at: number) =>
  hasWord(bytes, at, nullWord) && isFieldEnd(bytes, at + nullWord.length)
