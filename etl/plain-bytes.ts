import { ascii } from './ascii.ts'

// What the fast lane looks for at a place in a line. Plain loops and comparisons: each runs for every field of every row.

/** Not tabs: a line with one is rare and goes the careful way, which leaves it out. So COPY text has tabs in strings alone. */
export function skipBlanks(bytes: Buffer, start: number): number {
  let at = start
  while (bytes[at] === ascii.blank) at++
  return at
}

export const isBlankByte = (byte: number) => byte === ascii.blank || byte === ascii.tab

/** The place behind the quote at `at`, or -1 when there is none. */
export const closed = (bytes: Buffer, at: number) =>
  at >= 0 && bytes[at] === ascii.quote ? at + 1 : -1

export const isDigit = (byte: number) => byte >= ascii.zero && byte <= ascii.nine

/** The place of the comma or the line end behind an unquoted text, or -1 when it holds a quote or a carriage return. */
export function unquotedEnd(bytes: Buffer, start: number): number {
  for (let at = start; ; at++) {
    const byte = bytes[at]
    if (byte === ascii.comma || byte === ascii.lf) return at
    if (byte === ascii.cr) return bytes[at + 1] === ascii.lf ? at : -1
    if (byte === ascii.quote) return -1
  }
}

/** Whether `word`, which holds no line feed, stands at `at`. */
export function hasWord(bytes: Buffer, at: number, word: Buffer): boolean {
  for (let index = 0; index < word.length; index++) {
    if (bytes[at + index] !== word[index]) return false
  }
  return true
}

/** Whether a field without quotes ends at `at`. */
export function isFieldEnd(bytes: Buffer, at: number): boolean {
  const byte = bytes[at]
  return byte === ascii.comma || byte === ascii.lf || byte === ascii.cr
}
