/** What is sent to the database at a time. */
const COPY_BYTES = 256 * 1024

/** Gathers COPY text from many small pieces in a few large buffers. */
export class CopyBuffer {
  #full: Buffer[] = []
  #bytes = Buffer.alloc(0)
  #length = 0

  /** Copies a part of `source`. */
  append(source: Buffer, start: number, end: number): void {
    for (let from = start; from < end;) {
      if (this.#length === this.#bytes.length) this.#begin()
      const copied = source.copy(this.#bytes, this.#length, from, end)
      this.#length += copied
      from += copied
    }
  }

  /** Hands over the buffers that are full; they are the receiver's. */
  takeFull(): Buffer[] {
    const full = this.#full
    this.#full = []
    return full
  }

  /** Hands over all that is gathered. */
  takeAll(): Buffer[] {
    const rest = this.#bytes.subarray(0, this.#length)
    this.#bytes = Buffer.alloc(0)
    this.#length = 0
    return [...this.takeFull(), ...(rest.length > 0 ? [rest] : [])]
  }

  #begin(): void {
    if (this.#length > 0) this.#full.push(this.#bytes)
    this.#bytes = Buffer.allocUnsafeSlow(COPY_BYTES)
    this.#length = 0
  }
}
