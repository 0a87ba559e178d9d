import { ascii } from './ascii.ts'
import { isBlank } from './blanks.ts'
import { RAW_BYTES_MAX } from './reject-file.ts'

/** Room for the line feed that the last line may lack, and so that looking a few bytes ahead stays in the buffer. */
const SPARE_BYTES = 16

/** Whole lines that stand side by side in memory, until the next block is asked for. */
export interface LineBlock {
  readonly bytes: Buffer
  /** The lines are `bytes[0]` up to `end`, just behind the last line feed. */
  readonly end: number
  /** Where `bytes[0]` stands in the file. */
  readonly byteOffset: number
}

/** A line that no valid row could fill: all that is kept of it. */
export interface OverlongLine {
  readonly head: Buffer
  readonly byteOffset: number
  readonly blank: boolean
}

/**
 * Cuts chunks into blocks of whole lines, each ending in a line feed; the last line gets one when it lacks it.
 * Memory stays within a chunk and `lineBytesMax`, which a longer line may exceed without being held.
 */
export async function* lineBlocks(
  chunks: AsyncIterable<Buffer>,
  lineBytesMax: number,
): AsyncGenerator<LineBlock | OverlongLine> {
  const lines = new PendingLines(lineBytesMax)
  for await (const chunk of chunks) {
    yield* lines.add(chunk)
  }
  yield* lines.finish()
}

/** The end of a line whose line feed is at `lineFeed`, without the carriage return that may stand before it. */
export function lineEnd(bytes: Buffer, start: number, lineFeed: number): number {
  return lineFeed > start && bytes[lineFeed - 1] === ascii.cr ? lineFeed - 1 : lineFeed
}

/** The bytes read of a line whose end is still to come. */
class PendingLines {
  readonly #lineBytesMax: number
  #bytes = Buffer.alloc(0)
  #length = 0
  #byteOffset = 0
  #overlong: { head: Buffer; byteOffset: number; blank: boolean } | undefined

  constructor(lineBytesMax: number) {
    this.#lineBytesMax = lineBytesMax
  }

  *add(chunk: Buffer): Generator<LineBlock | OverlongLine> {
    let rest = chunk
    if (this.#overlong !== undefined) {
      const lineFeed = chunk.indexOf(ascii.lf)
      this.#skip(lineFeed < 0 ? chunk : chunk.subarray(0, lineFeed))
      if (lineFeed < 0) return
      yield* this.#endOverlong()
      this.#byteOffset++
      rest = chunk.subarray(lineFeed + 1)
    }
    const lastLineFeed = rest.lastIndexOf(ascii.lf)
    const end = this.#length + lastLineFeed + 1
    this.#append(rest)
    if (lastLineFeed >= 0) yield* this.#takeBlock(end)
    if (this.#length > this.#lineBytesMax + '\r'.length) this.#beginOverlong()
  }

  *finish(): Generator<LineBlock | OverlongLine> {
    yield* this.#endOverlong()
    if (this.#length === 0) return
    this.#append(lineFeed)
    yield* this.#takeBlock(this.#length)
  }

  #append(chunk: Buffer): void {
    const length = this.#length + chunk.length
    if (length > this.#bytes.length) {
      const bytes = Buffer.allocUnsafeSlow(Math.max(length + SPARE_BYTES, 2 * this.#length))
      this.#bytes.copy(bytes, 0, 0, this.#length)
      this.#bytes = bytes
    }
    chunk.copy(this.#bytes, this.#length)
    this.#length = length
  }

  *#takeBlock(end: number): Generator<LineBlock> {
    yield { bytes: this.#bytes, end, byteOffset: this.#byteOffset }
    this.#bytes.copyWithin(0, end, this.#length)
    this.#length -= end
    this.#byteOffset += end
  }

  #beginOverlong(): void {
    const line = this.#bytes.subarray(0, this.#length)
    const head = Buffer.from(line.subarray(0, RAW_BYTES_MAX + 1))
    this.#overlong = { head, byteOffset: this.#byteOffset, blank: isBlank(line) }
    this.#byteOffset += this.#length
    this.#length = 0
  }

  #skip(bytes: Buffer): void {
    this.#overlong!.blank &&= isBlank(bytes)
    this.#byteOffset += bytes.length
  }

  *#endOverlong(): Generator<OverlongLine> {
    if (this.#overlong !== undefined) yield this.#overlong
    this.#overlong = undefined
  }
}

const lineFeed = Buffer.from('\n')
