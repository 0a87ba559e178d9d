import { createReadStream, type ReadStream, type Stats } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { SourceError } from './source-error.ts'
import { type SourceFileName, sourceFiles } from './source-files.ts'

/** What is read at a time: about a millisecond of work when its lines are plain, so that others get their turn. */
const CHUNK_BYTES = 256 * 1024

/** Where each file is. */
export type SourcePaths = ReadonlyMap<SourceFileName, string>

export interface OpenSourceFile {
  /** Size on disk; of a compressed file, compressed. */
  readonly bytesTotal: number
  /** How many of them have been read. */
  bytesRead(): number
  /** The bytes of the file, uncompressed. */
  readonly chunks: AsyncIterable<Buffer>
}

/**
 * The paths of the six files in a folder, each plain or as `.csv.gz`. Throws a SourceError that names
 * everything that is missing or there twice.
 */
export async function findSourceFiles(dir: string): Promise<SourcePaths> {
  const { found, missing, doubled } = await lookInto(dir)
  const faults = [...doubled]
  if (missing.length > 0) faults.unshift(`${missing.join(', ')} (or .csv.gz) missing`)
  if (faults.length > 0) throw new SourceError(`${dir}: ${faults.join('; ')}`)
  return found
}

/** The paths of those of the six that a folder has, at least one; throws a SourceError as `findSourceFiles` does. */
export async function findSomeSourceFiles(dir: string): Promise<SourcePaths> {
  const { found, missing, doubled } = await lookInto(dir)
  const faults = [...doubled]
  if (missing.length === sourceFiles.length) {
    faults.push(`nothing to apply: expected one or more of ${missing.join(', ')}`)
  }
  if (faults.length > 0) throw new SourceError(`${dir}: ${faults.join('; ')}`)
  return found
}

async function lookInto(dir: string) {
  const names = new Set(await namesIn(dir))
  const found = new Map<SourceFileName, string>()
  const missing: string[] = []
  const doubled: string[] = []
  for (const { name } of sourceFiles) {
    const spellings = [name, `${name}.gz`].filter((spelling) => names.has(spelling))
    if (spellings.length === 0) missing.push(name)
    else if (spellings.length === 1) found.set(name, join(dir, spellings[0]!))
    else doubled.push(`${spellings.join(' and ')} are both there: remove the one not to be read`)
  }
  return { found, missing, doubled }
}

/**
 * Opens a CSV file, uncompressing it when its name ends in `.gz`. Throws a SourceError when it cannot be read, and at its end
 * when it was changed meanwhile: of a file that is still being copied here, an unknown part would be missing.
 */
export async function openSourceFile(
  path: string,
  { chunkBytes = CHUNK_BYTES }: { chunkBytes?: number | undefined } = {},
): Promise<OpenSourceFile> {
  const before = await statFile(path)
  let file: ReadStream | undefined
  // Opened by whoever reads, who then hears of its errors: of both streams, through the last one.
  const open = () => {
    file = createReadStream(path, { highWaterMark: chunkBytes })
    if (!path.endsWith('.gz')) return file
    return pipeline(file, createGunzip({ chunkSize: chunkBytes }), () => {})
  }
  return {
    bytesTotal: before.size,
    bytesRead: () => file?.bytesRead ?? 0,
    chunks: unchanged(path, before, explained(path, open)),
  }
}

async function namesIn(dir: string): Promise<string[]> {
  try {
    return await readdir(dir)
  } catch (error) {
    throw explain(dir, error, 'folder')
  }
}

async function statFile(path: string): Promise<Stats> {
  let stats
  try {
    stats = await stat(path)
  } catch (error) {
    throw explain(path, error, 'file')
  }
  if (stats.isDirectory()) throw new SourceError(`${path}: expected a file, found a folder`)
  return stats
}

async function* explained(path: string, open: () => AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  try {
    yield* open()
  } catch (error) {
    throw explain(path, error, 'file')
  }
}

async function* unchanged(
  path: string,
  before: Stats,
  chunks: AsyncIterable<Buffer>,
): AsyncGenerator<Buffer> {
  yield* chunks
  const { size, mtimeMs } = await statFile(path)
  if (size === before.size && mtimeMs === before.mtimeMs) return
  throw new SourceError(
    `${path}: it was changed while it was read (${before.size} bytes before, ${size} now): ` +
      'import it again once it is complete',
  )
}

const explanations: Record<string, string> = {
  EACCES: 'no permission to read it',
  EPERM: 'no permission to read it',
  Z_BUF_ERROR: 'the gzip data ends too early: the file is truncated',
  Z_DATA_ERROR: 'the gzip data is corrupt',
}

/** Says in words what went wrong while reading. */
function explain(path: string, error: unknown, expected: 'file' | 'folder'): Error {
  const { code, message } = error as NodeJS.ErrnoException
  const absent = code === 'ENOENT' || code === 'ENOTDIR'
  const what = absent ? `there is no such ${expected}` : explanations[code ?? '']
  return new SourceError(`${path}: ${what ?? message}`, { cause: error })
}
