import { stat } from 'node:fs/promises'
import type pg from 'pg'
import { makeDocuments } from './documents.ts'
import { EtlError } from './etl-error.ts'
import type { FileSummary } from './import-summary.ts'
import { JsonEscapes } from './json-escapes.ts'
import { LoadConnections } from './load-connections.ts'
import { loadFile } from './load-file.ts'
import type { Progress } from './progress.ts'
import { readSourceFile } from './read-source-file.ts'
import { noRejects, RejectFile, type Rejects } from './reject-file.ts'
import type { ParentIds } from './row-keys.ts'
import { type SourceFile, type SourceFileName, sourceFiles } from './source-files.ts'
import { sqlText } from './sql.ts'
import { keyStatements } from './table-keys.ts'

interface Load {
  readonly pool: pg.Pool
  readonly sources: ReadonlyMap<SourceFileName, string>
  /** Null when nobody wants the rejected rows. */
  readonly rejectsDir: string | null
  readonly progress: Progress
  readonly signal: AbortSignal | undefined
}

/** The strings that JSON has to escape, in each file whose rows are loaded. */
type EscapesByFile = Map<SourceFileName, JsonEscapes>

/**
 * Fills the empty tables of a release: rows, keys, documents. Nothing waits for a phase to end: a file is read as soon as
 * those of its parents are, a table's keys are built as soon as its rows are there, and documents are made as soon as
 * their tables are ready. Gives what became of each file and how long connections were busy with each phase.
 */
export async function loadRelease(load: Load) {
  const connections = new LoadConnections(load.pool, load.signal)
  // Before any rows: a table that is being copied into is locked, and a view of it would wait for all of them.
  await connections.run('documents', (client) => client.query(sqlText('documents')))
  const escapes: EscapesByFile = new Map()
  const loading = loadRows(load, connections, escapes)
  const ready = finishTables(load, connections, loading)
  const isEscapeFree = (table: string) =>
    sourceFiles.some((file) => file.table === table && escapes.get(file.name)?.found === false)
  // All at once, so that a failure is heard whichever step it stops.
  const [files] = await Promise.all([
    summariesOf(loading),
    makeDocuments({ connections, ready, progress: load.progress, isEscapeFree }),
    ...ready.values(),
  ])
  await connections.run('triggers', (client) => client.query(sqlText('changes')))
  return { files, phases: connections.busySeconds }
}

type Loading = ReadonlyMap<SourceFileName, Promise<FileSummary>>

function loadRows(load: Load, connections: LoadConnections, escapes: EscapesByFile): Loading {
  const ids: ParentIds = new Map()
  const loading = new Map<SourceFileName, Promise<FileSummary>>()
  for (const file of sourceFiles) {
    const parents = [...loading].filter(([name]) =>
      file.columns.some(({ parent }) => parent === name),
    )
    const parentsLoaded = Promise.all(parents.map(async ([, summary]) => summary))
    loading.set(
      file.name,
      parentsLoaded.then(() => loadOne(load, connections, { file, parents: ids, escapes })),
    )
  }
  return loading
}

async function summariesOf(loading: Loading) {
  const summaries = await Promise.all(
    [...loading].map(async ([name, summary]) => [name, await summary] as const),
  )
  return Object.fromEntries(summaries) as Record<SourceFileName, FileSummary>
}

/**
 * Builds the keys of each table that has its rows, and its statistics: without them the documents are planned with sorts
 * and bitmaps, which costs a third more.
 */
function finishTables(
  { progress }: Load,
  connections: LoadConnections,
  loading: Loading,
): Map<string, Promise<void>> {
  const task = progress.begin('keys', sourceFiles.length, 'steps')
  let done = 0
  const ready = sourceFiles.map(async ({ name, table }) => {
    await loading.get(name)
    await connections.run('keys', (client) => runInOrder(client, keyStatements('keys', table)))
    await connections.run('statistics', (client) => client.query(`analyze ${table}`))
    task.advance(++done)
    if (done === sourceFiles.length) task.end()
  })
  return new Map(sourceFiles.map(({ table }, index) => [table, ready[index]!]))
}

async function runInOrder(client: pg.ClientBase, statements: readonly string[]): Promise<void> {
  for (const statement of statements) await client.query(statement)
}

interface Reading {
  readonly file: SourceFile
  readonly parents: ParentIds
  readonly escapes: EscapesByFile
}

async function loadOne(
  load: Load,
  connections: LoadConnections,
  reading: Reading,
): Promise<FileSummary> {
  const { rejectsDir } = load
  const rejects = rejectsDir === null ? noRejects : new RejectFile(rejectsDir, reading.file.name)
  try {
    const summary = await connections.run('rows', (client) =>
      loadWith(client, rejects, load, reading),
    )
    rejects.close()
    return summary
  } catch (error) {
    rejects.discard()
    throw error
  }
}

async function loadWith(
  client: pg.ClientBase,
  rejects: Rejects,
  { sources, progress, signal }: Load,
  { file, parents, escapes }: Reading,
): Promise<FileSummary> {
  const startedMs = performance.now()
  const path = sources.get(file.name)
  if (path === undefined) throw new EtlError(`${file.name} is missing`)
  const task = progress.begin(file.name, (await stat(path)).size, 'bytes')
  const { counts, chunks } = readSourceFile(file, path, {
    parents,
    rejects,
    signal,
    onProgress: ({ bytesRead, lines }) => task.advance(bytesRead, lines),
  })
  const fileEscapes = new JsonEscapes()
  escapes.set(file.name, fileEscapes)
  await loadFile(client, file, lookedAt(chunks, fileEscapes), () => counts.loaded)
  task.end()
  return {
    ...counts,
    rejectedBy: Object.fromEntries(counts.rejectedBy),
    seconds: secondsSince(startedMs),
  }
}

async function* lookedAt(
  chunks: AsyncIterable<Buffer>,
  escapes: JsonEscapes,
): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) {
    escapes.look(chunk)
    yield chunk
  }
}

const secondsSince = (startedMs: number) => Math.round(performance.now() - startedMs) / 1000
