import { ascii } from './ascii.ts'
import { lineBytesMax } from './careful-lane.ts'
import { assertNoneLost, type FileCounts } from './file-counts.ts'
import { checkHeader } from './header.ts'
import { type LineBlock, lineBlocks, lineEnd, type OverlongLine } from './line-blocks.ts'
import { openSourceFile } from './open-source-file.ts'
import { RowReader, type RowReaderOptions } from './row-reader.ts'
import { SourceError } from './source-error.ts'
import { type SourceFile, type SourceFileName, sourceFiles } from './source-files.ts'

/** How far a file is read. Bytes are those on disk: of a compressed file, compressed. */
export interface ReadingProgress {
  readonly bytesRead: number
  readonly bytesTotal: number
  readonly lines: number
}

export interface ReadingOptions extends RowReaderOptions {
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: ((progress: ReadingProgress) => void) | undefined
  /** What is read at a time. */
  readonly chunkBytes?: number | undefined
}

export interface SourceReading {
  /** Grow while the chunks are read. */
  readonly counts: FileCounts
  /** COPY text (csv, UTF-8, unquoted `null` for NULL) of the rows to load, in file order. To be read once. */
  readonly chunks: AsyncIterable<Buffer>
}

/**
 * Reads one file in flat memory: checks every row, repairs what can be repaired and writes what cannot be loaded to
 * `rejects`, which the caller opens and closes. When the chunks end, the file's ids stand in `parents` for the files that
 * refer to it. The chunks throw a SourceError when the file cannot be read or its header is another.
 */
export function readSourceFile(
  file: SourceFile,
  path: string,
  options: ReadingOptions,
): SourceReading {
  const reader = new RowReader(file, options)
  return { counts: reader.counts, chunks: read(file, path, reader, options) }
}

/**
 * Looks at the first line of each file alone, so that a wrong header is said before the rows of other files are read for
 * minutes. Throws a SourceError as `readSourceFile` does.
 */
export async function checkHeaders(paths: ReadonlyMap<SourceFileName, string>): Promise<void> {
  for (const file of sourceFiles) {
    const path = paths.get(file.name)
    if (path !== undefined) await checkFirstLine(file, path)
  }
}

async function checkFirstLine(file: SourceFile, path: string): Promise<void> {
  const { chunks } = await openSourceFile(path)
  for await (const block of lineBlocks(chunks, lineBytesMax(file))) {
    readHeader(file, path, block)
    return
  }
  throw emptyFile(path)
}

async function* read(
  file: SourceFile,
  path: string,
  reader: RowReader,
  { parents, signal, onProgress, chunkBytes }: ReadingOptions,
): AsyncGenerator<Buffer> {
  const source = await openSourceFile(path, { chunkBytes })
  const { counts } = reader
  let headerSeen = false
  for await (const block of lineBlocks(counted(source.chunks, counts), lineBytesMax(file))) {
    signal?.throwIfAborted()
    const rowsStart = headerSeen ? 0 : readHeader(file, path, block)
    headerSeen = true
    if ('head' in block) reader.rejectOverlong(block)
    else reader.readLines(block, rowsStart)
    yield* reader.copy.takeFull()
    const { bytesTotal } = source
    onProgress?.({ bytesRead: source.bytesRead(), bytesTotal, lines: counts.lines })
  }
  yield* reader.copy.takeAll()
  if (!headerSeen) throw emptyFile(path)
  assertNoneLost(counts, path)
  if (isParent(file)) parents.set(file.name, reader.keys.ids)
}

async function* counted(chunks: AsyncIterable<Buffer>, counts: FileCounts): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) {
    counts.bytes += chunk.length
    yield chunk
  }
}

const BOM = Buffer.from('\ufeff')

/** Checks the header line at the beginning of the first block; gives the place behind it. */
function readHeader(file: SourceFile, path: string, block: LineBlock | OverlongLine): number {
  if ('head' in block) throw new SourceError(`${path}: the first line is too long for a header`)
  const { bytes } = block
  const start = bytes.subarray(0, BOM.length).equals(BOM) ? BOM.length : 0
  const lineFeed = bytes.indexOf(ascii.lf)
  checkHeader(file, path, bytes.subarray(start, lineEnd(bytes, start, lineFeed)))
  return lineFeed + 1
}

const emptyFile = (path: string) =>
  new SourceError(`${path}: the file is empty, it lacks even a header line`)

const isParent = ({ name }: SourceFile) =>
  sourceFiles.some(({ columns }) => columns.some(({ parent }) => parent === name))
