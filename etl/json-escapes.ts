import { ascii } from './ascii.ts'

/**
 * Looks through the COPY text of a file for strings that JSON would have to escape: a backslash, a quote (doubled there), control
 * characters. Where there are none, documents are made without `to_json`, which takes a quarter of the time of a styles
 * document. An empty quoted string counts as one: that costs time alone.
 */
export class JsonEscapes {
  /** Whether there are any in what was looked at so far. */
  found = false
  #endsWithQuote = false

  look(chunk: Buffer): void {
    if (this.found) return
    // Either half of a doubled quote may be in another chunk.
    const isSplit = this.#endsWithQuote && chunk[0] === ascii.quote
    this.found =
      isSplit || chunk.includes('""') || chunk.includes(ascii.backslash) || hasControl(chunk)
    this.#endsWithQuote = chunk.at(-1) === ascii.quote
  }
}

/** Whether there is a control character other than the line feeds that end rows; four bytes at a time, 0.7 ns a byte. */
function hasControl(chunk: Buffer): boolean {
  const lead = Math.min(-chunk.byteOffset & 3, chunk.length)
  const words = new Int32Array(chunk.buffer, chunk.byteOffset + lead, (chunk.length - lead) >> 2)
  const tail = lead + words.length * 4
  if (hasControlIn(chunk, 0, lead) || hasControlIn(chunk, tail, chunk.length)) return true
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!
    // The highest bit of each byte that is below 0x20: it borrows from the subtraction and was not set before.
    const below = (word - 0x20202020) & ~word & 0x80808080
    if (below !== 0 && hasControlIn(chunk, lead + at * 4, lead + at * 4 + 4)) return true
  }
  return false
}

function hasControlIn(chunk: Buffer, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    const byte = chunk[at]!
    if (byte < ascii.blank && byte !== ascii.lf) return true
  }
  return false
}
