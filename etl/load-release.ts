import { stat } from 'node:fs/promises'
import type pg from 'pg'
import { buildDocuments } from './documents.ts'
import { EtlError } from './etl-error.ts'
import type { FileSummary } from './import-summary.ts'
import { loadFile } from './load-file.ts'
import type { Progress } from './progress.ts'
import { readSourceFile } from './read-source-file.ts'
import { RejectFile } from './reject-file.ts'
import type { ParentIds } from './row-keys.ts'
import { runAll } from './run-all.ts'
import { type SourceFile, type SourceFileName, sourceFiles } from './source-files.ts'
import { sqlStatements, sqlText } from './sql.ts'

interface Load {
  readonly pool: pg.Pool
  readonly sources: ReadonlyMap<SourceFileName, string>
  readonly rejectsDir: string
  readonly progress: Progress
  readonly signal: AbortSignal | undefined
}

/** Fills the empty tables of a release: rows, keys, documents. Gives what became of each file and each phase's seconds. */
export async function loadRelease(load: Load) {
  const phases: Record<string, number> = {}
  const timed = async <T>(phase: string, work: () => Promise<T>): Promise<T> => {
    load.signal?.throwIfAborted()
    const startedMs = performance.now()
    const result = await work()
    phases[phase] = secondsSince(startedMs)
    return result
  }

  const files = await timed('rows', () => loadRows(load))
  await timed('keys', () => runAll(load, 'keys', sqlStatements('keys')))
  await timed('documents', () => makeDocuments(load, files['product.csv'].loaded))
  await timed('document keys', () => runAll(load, 'document keys', sqlStatements('document-keys')))
  await timed('triggers', () => runAll(load, 'triggers', [sqlText('changes')]))
  await timed('statistics', () => runAll(load, 'statistics', sourceFiles.map(analyze)))
  return { files, phases }
}

/** Reads every file as soon as the files of its parents are read, as many at once as the pool has connections. */
async function loadRows(load: Load): Promise<Record<SourceFileName, FileSummary>> {
  const ids: ParentIds = new Map()
  const loading = new Map<SourceFileName, Promise<FileSummary>>()
  for (const file of sourceFiles) {
    const parents = [...loading].filter(([name]) =>
      file.columns.some(({ parent }) => parent === name),
    )
    const parentsLoaded = Promise.all(parents.map(async ([, summary]) => summary))
    loading.set(
      file.name,
      parentsLoaded.then(() => loadOne(load, file, ids)),
    )
  }
  const summaries = await Promise.all(
    [...loading].map(async ([name, summary]) => [name, await summary] as const),
  )
  return Object.fromEntries(summaries) as Record<SourceFileName, FileSummary>
}

async function loadOne(load: Load, file: SourceFile, parents: ParentIds): Promise<FileSummary> {
  const client = await load.pool.connect()
  const rejects = new RejectFile(load.rejectsDir, file.name)
  try {
    const summary = await loadWith(client, rejects, load, file, parents)
    client.release()
    return summary
  } catch (error) {
    // In the middle of a COPY the connection is of no use to anybody.
    client.release(true)
    throw error
  } finally {
    rejects.close()
  }
}

async function loadWith(
  client: pg.PoolClient,
  rejects: RejectFile,
  { sources, progress, signal }: Load,
  file: SourceFile,
  parents: ParentIds,
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
  await loadFile(client, file, chunks, () => counts.loaded)
  task.end()
  return {
    ...counts,
    rejectedBy: Object.fromEntries(counts.rejectedBy),
    seconds: secondsSince(startedMs),
  }
}

async function makeDocuments({ pool, progress }: Load, products: number): Promise<void> {
  await pool.query(sqlText('documents'))
  const task = progress.begin('documents', products, 'products')
  await buildDocuments(pool, products, task)
  task.end()
}

const analyze = ({ table }: SourceFile) => `analyze ${table}`

const secondsSince = (startedMs: number) => Math.round(performance.now() - startedMs) / 1000
