import { createReadStream, createWriteStream } from 'node:fs'
import { open, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { parse } from 'csv-parse'
import { REJECT_HEADER } from './reject-file.ts'
import { SourceError } from './source-error.ts'
import { type SourceFile, sourceFiles } from './source-files.ts'

/** A file of a patch, ready to be read like a source file. */
export interface PatchFile {
  readonly file: SourceFile
  readonly path: string
}

/**
 * The files of a patch, parents before children: any of the six, each either a CSV of whole rows or a reject file
 * whose `raw` column was mended; of those the lines are unwrapped into `scratchDir`. Throws a SourceError when none is there.
 */
export async function findPatchFiles(dir: string, scratchDir: string): Promise<PatchFile[]> {
  const names = new Set(await namesIn(dir))
  const found = []
  for (const file of sourceFiles) {
    const name = [file.name, `${file.name}.gz`].find((spelling) => names.has(spelling))
    if (name === undefined) continue
    const path = join(dir, name)
    found.push({
      file,
      path: (await isRejectFile(path)) ? await unwrap(file, path, scratchDir) : path,
    })
  }
  if (found.length > 0) return found
  const expected = sourceFiles.map(({ name }) => name).join(', ')
  throw new SourceError(`${dir}: nothing to apply: expected one or more of ${expected}`)
}

async function namesIn(dir: string): Promise<string[]> {
  try {
    return await readdir(dir)
  } catch (error) {
    throw new SourceError(`${dir}: there is no such folder, or no permission to read it`, {
      cause: error,
    })
  }
}

async function isRejectFile(path: string): Promise<boolean> {
  const start = Buffer.alloc(REJECT_HEADER.length)
  const handle = await open(path)
  try {
    await handle.read(start)
  } finally {
    await handle.close()
  }
  return start.equals(Buffer.from(REJECT_HEADER))
}

/** Writes the raw lines of a reject file as a source file: its line n stands in record n - 1. */
async function unwrap(file: SourceFile, path: string, scratchDir: string): Promise<string> {
  const unwrapped = join(scratchDir, file.name)
  const header = file.columns.map(({ name }) => name).join(',')
  try {
    await pipeline(
      createReadStream(path),
      parse({ columns: true }),
      async function* (records: AsyncIterable<{ raw: string }>) {
        yield `${header}\n`
        for await (const { raw } of records) yield `${raw}\n`
      },
      createWriteStream(unwrapped),
    )
  } catch (error) {
    throw new SourceError(`${path}: not a reject file any more: ${(error as Error).message}`, {
      cause: error,
    })
  }
  return unwrapped
}
