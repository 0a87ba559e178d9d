import { isUtf8 } from 'node:buffer'
import {
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { EtlError } from './etl-error.ts'
import type { Refusal } from './reject-reason.ts'

/** How much of a rejected line is kept. */
export const RAW_BYTES_MAX = 64 * 1024
/** Records are gathered up to this many characters before they are written. */
const BUFFERED_CHARS_MAX = 256 * 1024
/** The ending of a file that is not complete: none that lacks rows is ever taken for one that has them all. */
const PARTIAL = '.partial'
/** The first line of every reject file. */
export const REJECT_HEADER = 'file,line,byte_offset,column,reason,raw\n'

export interface Reject extends Refusal {
  /** The physical line; the header is 1. */
  readonly line: number
  /** Where the line begins in the uncompressed file; a BOM counts. */
  readonly byteOffset: number
  /** The line without its line end, or the first `RAW_BYTES_MAX` bytes of it and more. */
  readonly raw: Uint8Array
}

/**
 * The rejected rows of one source file as a CSV file of the same name: it exists, with its header, also when
 * nothing is rejected, and appears when it is closed, complete. Writes are synchronous, so that even a file of rejects
 * only needs no more memory than one buffer; a failed write throws an EtlError. The rejects of an earlier import are
 * replaced; any other file is left alone with an EtlError, so that a wrong folder never costs the source files.
 */
export class RejectFile {
  readonly path: string
  readonly #source: string
  readonly #fd: number
  #buffered = REJECT_HEADER

  constructor(dir: string, source: string) {
    this.path = join(dir, source)
    this.#source = quoted(source)
    this.#fd = this.#attempt(() => {
      mkdirSync(dir, { recursive: true })
      expectReplaceable(this.path)
      return openSync(this.path + PARTIAL, 'w')
    })
  }

  write({ line, byteOffset, column, reason, raw }: Reject): void {
    const fields = [this.#source, line, byteOffset, quoted(column), quoted(reason)]
    this.#buffered += `${fields.join(',')},${quoted(readable(raw))}\n`
    if (this.#buffered.length > BUFFERED_CHARS_MAX) this.#flush()
  }

  /** Puts the complete file into its place. */
  close(): void {
    this.#flush()
    this.#attempt(() => {
      renameSync(this.path + PARTIAL, this.path)
      closeSync(this.#fd)
    })
  }

  /** Ends a file that will never be complete: nothing of it stays, and what it took of a full disk is free again. */
  discard(): void {
    closeSync(this.#fd)
    rmSync(this.path + PARTIAL, { force: true })
  }

  #flush(): void {
    const bytes = Buffer.from(this.#buffered)
    this.#buffered = ''
    this.#attempt(() => {
      for (let at = 0; at < bytes.length;) at += writeSync(this.#fd, bytes, at)
    })
  }

  #attempt<T>(work: () => T): T {
    try {
      return work()
    } catch (error) {
      const { message } = error as Error
      throw new EtlError(`${this.path}: the rejected rows cannot be written: ${message}`, {
        cause: error,
      })
    }
  }
}

/** The folder of the reject files of a release, unless told. */
export const rejectsDirOf = (release: number): string => join('rejects', String(release))

/** Where rejected rows go. */
export type Rejects = Pick<RejectFile, 'write' | 'close' | 'discard'>

/** For rejected rows that nobody wants to see. */
export const noRejects: Rejects = {
  write: () => {},
  close: () => {},
  discard: () => {},
}

/** Removes what an import that was killed has left incomplete in its folder, and the folder when that was all. */
export function removePartialRejects(dir: string): void {
  const names = statSync(dir, { throwIfNoEntry: false })?.isDirectory() ? readdirSync(dir) : []
  const partial = names.filter((name) => name.endsWith(PARTIAL))
  for (const name of partial) rmSync(join(dir, name))
  if (names.length > 0 && partial.length === names.length) rmdirSync(dir)
}

function expectReplaceable(path: string): void {
  if (!statSync(path, { throwIfNoEntry: false })?.isFile()) return
  const start = Buffer.alloc(REJECT_HEADER.length)
  const fd = openSync(path, 'r')
  const length = readSync(fd, start)
  closeSync(fd)
  if (length === 0 || start.equals(Buffer.from(REJECT_HEADER))) return
  throw new Error('it exists and holds something else than rejected rows; choose another folder')
}

const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`

/** The text of a line, its NULs and the bytes that are no UTF-8 as `\xNN`; cut between two characters. */
function readable(raw: Uint8Array): string {
  const bytes = Buffer.from(raw.buffer, raw.byteOffset, cutLength(raw))
  if (isUtf8(bytes) && !bytes.includes(0)) return bytes.toString()
  let text = ''
  let from = 0
  for (let at = 0; at < bytes.length;) {
    const length = characterLength(bytes, at)
    if (length === 0) {
      text += bytes.toString('utf8', from, at) + escaped(bytes[at]!)
      from = at + 1
    }
    at += length || 1
  }
  return text + bytes.toString('utf8', from)
}

function cutLength(raw: Uint8Array): number {
  if (raw.length <= RAW_BYTES_MAX) return raw.length
  // A character has at most four bytes: its first one is at most three before the cut.
  for (let at = RAW_BYTES_MAX - 3; at < RAW_BYTES_MAX; at++) {
    const length = characterLength(raw, at)
    if (length > 1 && at + length > RAW_BYTES_MAX) return at
  }
  return RAW_BYTES_MAX
}

/** How many bytes the character takes that begins here; 0 for a NUL and where none begins. */
function characterLength(bytes: Uint8Array, at: number): number {
  const lead = bytes[at]!
  if (lead < 0x80) return lead === 0 ? 0 : 1
  const length = lead < 0xc0 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4
  return length > 0 && isUtf8(bytes.subarray(at, at + length)) ? length : 0
}

const escaped = (byte: number) => `\\x${byte.toString(16).padStart(2, '0')}`
