/** What is sent to the database at a time. */
const COPY_BYTES = 256 * 1024

/** Gathers COPY text from many small pieces in a few large buffers. */
export class CopyBuffer {
  #full: Buffer[] = []
  #bytes = Buffer.alloc(0)
  #length = 0

  /** Copies a part of `source`. */
  append(source: Buffer, from: number, to: number): void {
    this.#reserve(to - from)
    this.#length += source.copy(this.#bytes, this.#length, from, to)
  }

  /** Appends a text with one byte a character. */
  appendLatin1(text: string): void {
    this.#reserve(text.length)
    this.#length += this.#bytes.write(text, this.#length, 'latin1')
  }

  /** Hands over what was gathered; the buffers are the receiver's. */
  take(): Buffer[] {
    this.#handOver()
    const full = this.#full
    this.#full = []
    return full
  }

  #reserve(length: number): void {
    if (this.#length + length <= this.#bytes.length) return
    this.#handOver()
    this.#bytes = Buffer.allocUnsafeSlow(Math.max(COPY_BYTES, length))
  }

  #handOver(): void {
    if (this.#length > 0) this.#full.push(this.#bytes.subarray(0, this.#length))
    this.#bytes = this.#bytes.subarray(this.#length)
    this.#length = 0
  }
}
