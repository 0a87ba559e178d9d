import type { CopyBuffer } from './copy-buffer.ts'

/** A field has at most one, and the line end one more. */
const EDITS_MAX = 16
const nullText = Buffer.from('null')

/** The few places of a line where its bytes are not copied as they stand. */
export class LineEdits {
  count = 0
  readonly #at = new Int32Array(EDITS_MAX)
  readonly #dropped = new Int32Array(EDITS_MAX)
  /** 1 where `null` stands instead of what was dropped. */
  readonly #toNull = new Uint8Array(EDITS_MAX)

  /** Leaves out the byte at `at`. */
  drop(at: number): void {
    this.#add(at, 1, 0)
  }

  /** Writes `null` instead of the bytes from `at` to `end`. */
  setNull(at: number, end: number): void {
    this.#add(at, end - at, 1)
  }

  /** Copies `source` from `start` to behind the last edit; gives the place from where it is unchanged. */
  apply(source: Buffer, start: number, copy: CopyBuffer): number {
    let from = start
    for (let edit = 0; edit < this.count; edit++) {
      const at = this.#at[edit]!
      copy.append(source, from, at)
      if (this.#toNull[edit] === 1) copy.append(nullText, 0, nullText.length)
      from = at + this.#dropped[edit]!
    }
    return from
  }

  #add(at: number, dropped: number, toNull: 0 | 1): void {
    this.#at[this.count] = at
    this.#dropped[this.count] = dropped
    this.#toNull[this.count] = toNull
    this.count++
  }
}
