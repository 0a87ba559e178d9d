import { ascii } from './ascii.ts'
import type { ColumnKind, SourceFile } from './source-files.ts'

/** Longer lines go the careful way, which knows how long a field may be. */
const LINE_BYTES_MAX = 64 * 1024
/** At most one edit a column and two more in a photos line, and one for the line end. */
const EDITS_MAX = 16
/** A quote this near is found sooner byte by byte than by a call out of JavaScript, which takes as long as 20 bytes. */
const NEAR_BYTES = 24
/** The largest number that takes another digit without overflow of int4, but for its last digit. */
const INT4_TENTH = 214748364

/** A place in a line that is not copied as it is. */
interface Edits {
  count: number
  readonly at: Int32Array
  readonly dropped: Int32Array
  /** 1 where `null` stands instead of what was dropped. */
  readonly toNull: Uint8Array
}

/**
 * Recognises lines that are plainly well-formed, byte by byte, and accepts exactly what the careful lane would load
 * the same way. It never rejects: a line that it does not know goes to the careful lane.
 */
export class FastLane {
  /** The ids and other whole numbers of the line accepted last, one a column. */
  readonly numbers: Int32Array
  /** What to change in the line accepted last. */
  readonly edits: Edits = {
    count: 0,
    at: new Int32Array(EDITS_MAX),
    dropped: new Int32Array(EDITS_MAX),
    toNull: new Uint8Array(EDITS_MAX),
  }
  /** Whether the line accepted last was mended. */
  repaired = false
  readonly #kinds: readonly ColumnKind[]
  #number = 0
  /** The end of the line at hand, once somebody had to look for it. */
  #lineFeed = -1

  constructor(file: SourceFile) {
    this.#kinds = file.columns.map(({ kind }) => kind)
    this.numbers = new Int32Array(this.#kinds.length)
  }

  /** Gives the place behind the line feed of the line that begins at `start`, or -1 when the line is not plain. */
  scan(bytes: Buffer, start: number): number {
    this.edits.count = 0
    this.repaired = false
    this.#lineFeed = -1
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
      this.#edit(at, 1, 0)
      at++
    }
    if (bytes[at] !== ascii.lf || at - start > LINE_BYTES_MAX) return -1
    return at + 1
  }

  /** Gives the place behind the field, or -1. */
  #field(bytes: Buffer, at: number, column: number): number {
    switch (this.#kinds[column]!) {
      case 'id':
      case 'parent':
        return this.#id(bytes, at, column)
      case 'quantity':
        return this.#integer(bytes, at)
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
    const end = this.#integer(bytes, at)
    this.numbers[column] = this.#number
    return this.#number > 0 ? end : -1
  }

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
    const at = skipBlanks(bytes, start)
    const byte = bytes[at]
    return byte === ascii.zero || byte === ascii.one ? skipBlanks(bytes, at + 1) : -1
  }

  #text(bytes: Buffer, at: number): number {
    if (bytes[at] === ascii.quote) return this.#quotedEnd(bytes, at + 1)
    return isNull(bytes, at) ? -1 : unquotedEnd(bytes, at)
  }

  #nullableText(bytes: Buffer, at: number): number {
    if (bytes[at] !== ascii.quote) return unquotedEnd(bytes, at)
    const end = this.#quotedEnd(bytes, at + 1)
    if (end === at + '"null"'.length && isNullText(bytes, at + 1)) {
      this.#edit(at, '"null"'.length, 1)
    }
    return end
  }

  #url(bytes: Buffer, at: number): number {
    if (bytes[at] !== ascii.quote) return -1
    if (bytes[at + 1] === ascii.u && isUhttps(bytes, at + 1)) {
      this.#edit(at + 1, 1, 0)
      this.repaired = true
    }
    return this.#quotedEnd(bytes, at + 1)
  }

  #price(bytes: Buffer, start: number): number {
    let at = skipBlanks(bytes, start)
    if (bytes[at] === ascii.dollar) {
      this.#edit(at, 1, 0)
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
      this.#edit(at, 0, 1)
      return at
    }
    const { count } = this.edits
    const end = this.#price(bytes, at)
    if (end >= 0 && this.#number === 0) {
      this.edits.count = count
      this.#edit(at, end - at, 1)
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

  #edit(at: number, dropped: number, toNull: 0 | 1): void {
    const { edits } = this
    edits.at[edits.count] = at
    edits.dropped[edits.count] = dropped
    edits.toNull[edits.count] = toNull
    edits.count++
  }
}

function skipBlanks(bytes: Buffer, start: number): number {
  let at = start
  while (bytes[at] === ascii.blank || bytes[at] === ascii.tab) at++
  return at
}

const isDigit = (byte: number) => byte >= ascii.zero && byte <= ascii.nine

/** The place of the comma or the line end behind an unquoted text, or -1 when it holds a quote or a carriage return. */
function unquotedEnd(bytes: Buffer, start: number): number {
  for (let at = start; ; at++) {
    const byte = bytes[at]
    if (byte === ascii.comma || byte === ascii.lf) return at
    if (byte === ascii.cr) return bytes[at + 1] === ascii.lf ? at : -1
    if (byte === ascii.quote) return -1
  }
}

/** Whether the whole field is an unquoted `null`. */
function isNull(bytes: Buffer, at: number): boolean {
  return isNullText(bytes, at) && !isTextByte(bytes[at + 'null'.length]!)
}

const isTextByte = (byte: number) => byte !== ascii.comma && byte !== ascii.lf && byte !== ascii.cr

function isNullText(bytes: Buffer, at: number): boolean {
  return (
    bytes[at] === ascii.n &&
    bytes[at + 1] === ascii.u &&
    bytes[at + 2] === ascii.l &&
    bytes[at + 3] === ascii.l
  )
}

const uhttps = Buffer.from('uhttps://')

function isUhttps(bytes: Buffer, at: number): boolean {
  return uhttps.compare(bytes, at, at + uhttps.length) === 0
}
