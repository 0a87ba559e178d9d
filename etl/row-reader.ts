import { isUtf8 } from 'node:buffer'
import { ascii } from './ascii.ts'
import { isBlank } from './blanks.ts'
import { CarefulLane } from './careful-lane.ts'
import { CopyBuffer } from './copy-buffer.ts'
import { FastLane } from './fast-lane.ts'
import { noCounts } from './file-counts.ts'
import { type LineBlock, lineEnd, type OverlongLine } from './line-blocks.ts'
import type { RejectFile } from './reject-file.ts'
import type { Refusal } from './reject-reason.ts'
import { type ParentIds, RowKeys } from './row-keys.ts'
import type { SourceFile } from './source-files.ts'

export interface RowReaderOptions {
  readonly parents: ParentIds
  readonly rejects: Pick<RejectFile, 'write'>
  /** Off, every line goes the careful way: tests hold the two lanes against each other. */
  readonly fastLane?: boolean | undefined
}

/** Turns whole lines into COPY text of the rows to load and writes the others to the reject file, in file order. */
export class RowReader {
  readonly counts = noCounts()
  readonly copy = new CopyBuffer()
  readonly keys: RowKeys
  readonly #rejects: Pick<RejectFile, 'write'>
  readonly #fastLane: FastLane | undefined
  readonly #carefulLane: CarefulLane
  /** The physical line read last; the header is 1. */
  #line = 1
  /** Where the bytes at hand begin in the file. */
  #byteOffset = 0

  constructor(file: SourceFile, { parents, rejects, fastLane = true }: RowReaderOptions) {
    this.keys = new RowKeys(file, parents)
    this.#rejects = rejects
    this.#fastLane = fastLane ? new FastLane(file) : undefined
    this.#carefulLane = new CarefulLane(file)
  }

  /** Reads the lines of a block from the one that begins at `start`. */
  readLines({ bytes, byteOffset }: LineBlock, start = 0): void {
    const end = bytes.length
    this.#byteOffset = byteOffset
    this.#carefulLane.enter(bytes)
    if (this.#fastLane !== undefined && isText(bytes.subarray(start, end))) {
      this.#readText(this.#fastLane, bytes, start, end)
    } else {
      this.#readBytes(bytes, start, end)
    }
  }

  /** Rejects a line that no row could fill. */
  rejectOverlong({ head, byteOffset, blank }: OverlongLine): void {
    this.#line++
    if (blank) return
    this.counts.lines++
    this.#byteOffset = byteOffset
    this.#reject(head, 0, head.length, { reason: 'too long', column: '' })
  }

  /** Lines of valid UTF-8 without NUL: plain rows are copied in runs. */
  #readText(lane: FastLane, bytes: Buffer, start: number, end: number): void {
    let runStart = start
    for (let at = start; at < end;) {
      const next = lane.scan(bytes, at)
      if (next < 0) {
        this.copy.append(bytes, runStart, at)
        at = this.#readCarefully(bytes, at)
        runStart = at
        continue
      }
      this.#line++
      this.counts.lines++
      const refusal = this.keys.check(lane.numbers)
      if (refusal !== undefined) {
        this.copy.append(bytes, runStart, at)
        this.#reject(bytes, at, lineEnd(bytes, at, next - 1), refusal)
        runStart = next
      } else {
        this.counts.loaded++
        if (lane.repaired) this.counts.repaired++
        if (lane.edits.count > 0) runStart = lane.edits.apply(bytes, runStart, this.copy)
      }
      at = next
    }
    this.copy.append(bytes, runStart, end)
  }

  /** Lines with bytes that no text may hold somewhere among them: each is looked at alone. */
  #readBytes(bytes: Buffer, start: number, end: number): void {
    for (let at = start; at < end;) {
      const next = bytes.indexOf(ascii.lf, at) + 1
      if (this.#fastLane !== undefined && isText(bytes.subarray(at, next))) {
        this.#readText(this.#fastLane, bytes, at, next)
      } else {
        this.#readCarefully(bytes, at)
      }
      at = next
    }
  }

  /** Gives the place behind the line feed. */
  #readCarefully(bytes: Buffer, start: number): number {
    const lineFeed = bytes.indexOf(ascii.lf, start)
    const end = lineEnd(bytes, start, lineFeed)
    const line = bytes.subarray(start, end)
    this.#line++
    if (isBlank(line)) return lineFeed + 1
    this.counts.lines++
    const row = this.#carefulLane.read(line)
    const refusal = 'reason' in row ? row : this.keys.check(row.numbers)
    if (refusal !== undefined) this.#reject(bytes, start, end, refusal)
    else if ('copyText' in row) {
      this.copy.append(row.copyText, 0, row.copyText.length)
      this.counts.loaded++
      if (row.repaired) this.counts.repaired++
    }
    return lineFeed + 1
  }

  #reject(bytes: Buffer, start: number, end: number, { reason, column }: Refusal): void {
    const byteOffset = this.#byteOffset + start
    const raw = bytes.subarray(start, end)
    this.#rejects.write({ line: this.#line, byteOffset, reason, column, raw })
    this.counts.rejected++
    this.counts.rejectedBy.set(reason, (this.counts.rejectedBy.get(reason) ?? 0) + 1)
  }
}

const isText = (bytes: Buffer) => isUtf8(bytes) && !bytes.includes(0)
