import { ascii } from './ascii.ts'
import { isBlank } from './blanks.ts'
import { RAW_BYTES_MAX } from './reject-file.ts'

/** Whole lines that stand side by side in memory, the last with its line feed, until the next block is asked for. */
export interface LineBlock {
  readonly bytes: Buffer
  /** Where they begin in the file. */
  readonly byteOffset: number
}

/** A line that no row could fill: all that is kept of it. */
export interface OverlongLine {
  readonly head: Buffer
  readonly byteOffset: number
  readonly blank: boolean
}

/**
 * Cuts chunks into blocks of whole lines; the last line gets a line feed when it lacks it. Memory stays within a chunk
 * and `lineBytesMax`, which a longer line may exceed without being held.
 */
export async function* lineBlocks(
  chunks: AsyncIterable<Buffer>,
  lineBytesMax: number,
): AsyncGenerator<LineBlock | OverlongLine> {
  const lines = new LineCutter(lineBytesMax)
  for await (const chunk of chunks) {
    yield* lines.add(chunk)
  }
  yield* lines.finish()
}

/** The end of a line whose line feed is at `lineFeed`, without the carriage return that may stand before it. */
export function lineEnd(bytes: Buffer, start: number, lineFeed: number): number {
  return lineFeed > start && bytes[lineFeed - 1] === ascii.cr ? lineFeed - 1 : lineFeed
}

class LineCutter {
  readonly #lineBytesMax: number
  /** The line whose end is still to come. */
  readonly #open = new OpenLine()
  /** Set while that line is too long to be held. */
  #overlong: { head: Buffer; byteOffset: number; blank: boolean } | undefined
  /** Where the next byte stands in the file. */
  #byteOffset = 0

  constructor(lineBytesMax: number) {
    this.#lineBytesMax = lineBytesMax
  }

  *add(chunk: Buffer): Generator<LineBlock | OverlongLine> {
    const firstEnd = chunk.indexOf(ascii.lf) + 1
    if (firstEnd === 0) {
      this.#extend(chunk)
      return
    }
    const begun = this.#open.length > 0 || this.#overlong !== undefined
    const from = begun ? firstEnd : 0
    if (begun) {
      this.#extend(chunk.subarray(0, firstEnd))
      yield this.#closeLine()
    }
    const to = chunk.lastIndexOf(ascii.lf) + 1
    if (to > from) yield { bytes: chunk.subarray(from, to), byteOffset: this.#byteOffset }
    this.#byteOffset += to - from
    if (to < chunk.length) this.#extend(chunk.subarray(to))
  }

  *finish(): Generator<LineBlock | OverlongLine> {
    if (this.#open.length > 0) this.#extend(lineFeed)
    if (this.#open.length > 0 || this.#overlong !== undefined) yield this.#closeLine()
  }

  #extend(bytes: Buffer): void {
    this.#byteOffset += bytes.length
    if (this.#overlong !== undefined) {
      this.#overlong.blank &&= isBlank(bytes)
      return
    }
    this.#open.append(bytes)
    if (this.#open.length > this.#lineBytesMax + '\r\n'.length) this.#letGo()
  }

  /** Keeps of the open line no more than its reject record needs. */
  #letGo(): void {
    const line = this.#open.take()
    const head = Buffer.from(line.subarray(0, RAW_BYTES_MAX + 1))
    this.#overlong = { head, byteOffset: this.#byteOffset - line.length, blank: isBlank(line) }
  }

  #closeLine(): LineBlock | OverlongLine {
    if (this.#overlong !== undefined) {
      const overlong = this.#overlong
      this.#overlong = undefined
      return overlong
    }
    const bytes = this.#open.take()
    return { bytes, byteOffset: this.#byteOffset - bytes.length }
  }
}

const lineFeed = Buffer.from('\n')

/** A line that is gathered from several chunks. */
class OpenLine {
  length = 0
  #bytes = Buffer.alloc(0)

  append(bytes: Buffer): void {
    const length = this.length + bytes.length
    if (length > this.#bytes.length) {
      const longer = Buffer.allocUnsafeSlow(2 * length)
      this.#bytes.copy(longer, 0, 0, this.length)
      this.#bytes = longer
    }
    bytes.copy(this.#bytes, this.length)
    this.length = length
  }

  /** Gives the line, valid until something is appended, and begins another. */
  take(): Buffer {
    const bytes = this.#bytes.subarray(0, this.length)
    this.length = 0
    return bytes
  }
}
