import { open, type FileHandle } from 'node:fs/promises'
import { EtlError } from './etl-error.ts'

// Large enough that the system call costs nothing beside the thousands of rows in it. Chunks of a megabyte are no
// faster and leave 25 MB more of dead buffers waiting for the garbage collector.
const chunkLength = 1 << 18

/**
 * Appends lines to a new file and knows how many it has. Lines gather in memory until `isFull`; the caller
 * then awaits `flush`, so a slow disk slows the caller and never fills the memory.
 */
export class LineWriter {
  /** Physical lines so far: the number of the line written last. */
  lines = 0
  /** Bytes handed to the system so far. */
  bytes = 0
  readonly #path: string
  readonly #handle: FileHandle
  #text = ''
  #chunks: Uint8Array[] = []

  private constructor(path: string, handle: FileHandle) {
    this.#path = path
    this.#handle = handle
  }

  /** Creates the file, or empties the one that is there; an EtlError says why it cannot. */
  static async create(path: string): Promise<LineWriter> {
    try {
      return new LineWriter(path, await open(path, 'w'))
    } catch (cause) {
      throw new EtlError(`${path}: cannot be created: ${(cause as Error).message}`, { cause })
    }
  }

  get isFull(): boolean {
    return this.#text.length >= chunkLength
  }

  /** Writes one line, which must not hold a line feed, and the line feed (none for a last line without it). */
  line(content: string | Uint8Array, end: '\n' | '' = '\n'): void {
    this.lines++
    if (typeof content === 'string') {
      this.#text += content + end
      return
    }
    this.#chunks.push(Buffer.from(this.#text), content)
    this.#text = end
  }

  /** Hands everything gathered to the system; an EtlError says how far it came when the disk is full. */
  async flush(): Promise<void> {
    this.#chunks.push(Buffer.from(this.#text))
    const chunk = this.#chunks.length === 1 ? this.#chunks[0] : Buffer.concat(this.#chunks)
    this.#text = ''
    this.#chunks = []
    try {
      await this.#handle.writeFile(chunk as Uint8Array)
    } catch (cause) {
      const { message } = cause as Error
      throw new EtlError(`${this.#path}: cannot write past byte ${this.bytes}: ${message}`, {
        cause,
      })
    }
    this.bytes += (chunk as Uint8Array).length
  }

  /** Closes the file; safe to call twice, also after a failure. */
  async close(): Promise<void> {
    await this.#handle.close()
  }
}
