import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { parse } from 'csv-parse'
import { findSomeSourceFiles, openSourceFile } from './open-source-file.ts'
import { REJECT_HEADER } from './reject-file.ts'
import type { RejectReason } from './reject-reason.ts'
import { SourceError } from './source-error.ts'
import { type SourceFile, sourceFiles } from './source-files.ts'

/** A file of a patch, ready to be read like a source file. */
export interface PatchFile {
  readonly file: SourceFile
  readonly path: string
}

/**
 * The files of a patch, parents before children: any of the six, plain or as `.csv.gz`, each either a CSV of whole rows or a
 * reject file whose `raw` column was mended; of those the lines are unwrapped into `scratchDir`. Throws a SourceError when
 * none is there, when one is there twice, or when one cannot be read.
 */
export async function findPatchFiles(dir: string, scratchDir: string): Promise<PatchFile[]> {
  const paths = await findSomeSourceFiles(dir)
  const found = []
  for (const file of sourceFiles) {
    const path = paths.get(file.name)
    if (path === undefined) continue
    const isWrapped = await isRejectFile(path)
    found.push({ file, path: isWrapped ? await unwrap(file, path, scratchDir) : path })
  }
  return found
}

async function isRejectFile(path: string): Promise<boolean> {
  const { chunks } = await openSourceFile(path)
  for await (const chunk of chunks) {
    return chunk.subarray(0, REJECT_HEADER.length).equals(Buffer.from(REJECT_HEADER))
  }
  return false
}

interface RejectRecord {
  readonly reason: string
  readonly raw: string
}

/** Writes the raw lines of a reject file as a source file: its line n stands in record n - 1. */
async function unwrap(file: SourceFile, path: string, scratchDir: string): Promise<string> {
  const unwrapped = join(scratchDir, file.name)
  const header = file.columns.map(({ name }) => name).join(',')
  const { chunks } = await openSourceFile(path)
  try {
    await pipeline(
      chunks,
      parse({ columns: true }),
      async function* (records: AsyncIterable<RejectRecord>) {
        yield `${header}\n`
        for await (const record of records) yield Buffer.concat([lineOf(record), lineFeed])
      },
      createWriteStream(unwrapped),
    )
  } catch (error) {
    if (error instanceof SourceError) throw error
    throw new SourceError(`${path}: not a reject file any more: ${(error as Error).message}`, {
      cause: error,
    })
  }
  return unwrapped
}

const lineFeed = Buffer.from('\n')

/**
 * The line of a record. What a reject file writes as `\xNN`, because it was a NUL or no UTF-8, is that byte again: a row that nobody
 * mended is rejected once more, rather than loaded with a text that stood in no file.
 */
function lineOf({ reason, raw }: RejectRecord): Buffer {
  if (!byteReasons.has(reason)) return Buffer.from(raw)
  const pieces = raw.split(escapedByte)
  return Buffer.concat(pieces.map((piece, at) => Buffer.from(piece, at % 2 === 0 ? 'utf8' : 'hex')))
}

const byteReasons: ReadonlySet<string> = new Set<RejectReason>(['invalid UTF-8', 'NUL'])
/** Split by it, a text and the digits of a byte take turns. */
const escapedByte = /\\x(00|[89a-f][\da-f])/
