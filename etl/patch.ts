import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Client } from 'pg'
import { EtlError } from './etl-error.ts'
import type { FileCounts } from './file-counts.ts'
import { IdSet } from './id-set.ts'
import { takeImportLock } from './import-lock.ts'
import { findPatchFiles, type PatchFile } from './patch-files.ts'
import { copyToScratch, mergeScratch, type MergeCounts } from './patch-table.ts'
import { type Progress, silent } from './progress.ts'
import { liveRelease } from './publish.ts'
import { readSourceFile } from './read-source-file.ts'
import { RejectFile } from './reject-file.ts'
import { prepareCatalog, schemaOf } from './release.ts'
import type { ParentIds } from './row-keys.ts'
import { anySignal, withControl } from './session.ts'
import { type SourceFileName, sourceFiles } from './source-files.ts'

const idsAskedMax = 50_000

export interface PatchOptions {
  readonly databaseUrl: string
  /** A folder with any of the six files, of whole rows or as mended reject files. */
  readonly dir: string
  /** Where rejected rows go; below the patch's folder, in `rejects`, unless told. */
  readonly rejectsDir?: string | undefined
  readonly progress?: Progress
  readonly signal?: AbortSignal | undefined
}

export interface PatchSummary {
  /** The live release, which was changed in place. */
  readonly release: number
  readonly rejectsDir: string
  readonly files: Partial<Record<SourceFileName, PatchedFile>>
  readonly seconds: number
}

type PatchedFile = MergeCounts &
  Omit<FileCounts, 'loaded' | 'rejectedBy'> & {
    readonly rejectedBy: Record<string, number>
  }

/**
 * Applies rows to the live release, each inserted or updated by its id, in one transaction: readers see all of them or
 * none, the triggers rebuild just the documents concerned, and every process drops just those replies. The cost is that
 * of the rows, not of the catalogue. Rows that fail the checks of an import are rejected, the others applied.
 */
export async function patchCatalogue(options: PatchOptions): Promise<PatchSummary> {
  const startedMs = performance.now()
  const scratchDir = await mkdtemp(join(tmpdir(), 'product-overview-patch-'))
  try {
    const patch = await findPatchFiles(options.dir, scratchDir)
    const applied = await withControl(options.databaseUrl, (control, lost) =>
      applyToLive(control, patch, { ...options, signal: anySignal(options.signal, lost) }),
    )
    return { ...applied, seconds: (performance.now() - startedMs) / 1000 }
  } finally {
    await rm(scratchDir, { recursive: true, force: true })
  }
}

async function applyToLive(control: Client, patch: PatchFile[], options: PatchOptions) {
  await takeImportLock(control)
  await prepareCatalog(control)
  const release = await liveRelease(control)
  if (release === undefined) throw new EtlError('nothing is published yet that could be patched')
  const rejectsDir = options.rejectsDir ?? join(options.dir, 'rejects')
  return {
    release,
    rejectsDir,
    files: await applyAll(control, release, patch, rejectsDir, options),
  }
}

async function applyAll(
  client: Client,
  release: number,
  patch: PatchFile[],
  rejectsDir: string,
  { progress = silent, signal }: PatchOptions,
): Promise<PatchSummary['files']> {
  const files: PatchSummary['files'] = {}
  const work: PatchWork = { client, accepted: new Map(), rejectsDir, progress, signal }
  await client.query(
    `begin; set local search_path = ${schemaOf(release)}; set local statement_timeout = 0`,
  )
  try {
    for (const each of patch) files[each.file.name] = await applyFile(work, each)
    await client.query('commit')
  } catch (error) {
    await client.query('rollback').catch(() => {})
    throw error
  }
  return files
}

interface PatchWork {
  readonly client: Client
  /** The ids of the patch's own rows: what later files may name as their parents besides those of the catalogue. */
  readonly accepted: ParentIds
  readonly rejectsDir: string
  readonly progress: Progress
  readonly signal: AbortSignal | undefined
}

async function applyFile(work: PatchWork, { file, path }: PatchFile): Promise<PatchedFile> {
  const { client, accepted, progress, signal } = work
  const parents = await parentsOf(work, { file, path })
  const rejects = new RejectFile(work.rejectsDir, file.name)
  const task = progress.begin(file.name, (await stat(path)).size, 'bytes')
  try {
    const { counts, chunks } = readSourceFile(file, path, {
      parents,
      rejects,
      signal,
      onProgress: ({ bytesRead, lines }) => task.advance(bytesRead, lines),
    })
    await copyToScratch(client, file, chunks, () => counts.loaded)
    const ids = parents.get(file.name)
    if (ids !== undefined) accepted.set(file.name, ids)
    task.end()
    const { loaded, rejectedBy, ...rest } = counts
    const merged = await mergeScratch(client, file, loaded)
    rejects.close()
    return { ...rest, ...merged, rejectedBy: Object.fromEntries(rejectedBy) }
  } catch (error) {
    rejects.discard()
    throw error
  }
}

/**
 * The parents that a file's rows name and that are there: read once to ask for those ids alone, because the ids of a
 * whole catalogue would cost more than the patch.
 */
async function parentsOf(
  { client, accepted, signal }: PatchWork,
  { file, path }: PatchFile,
): Promise<ParentIds> {
  const asked = new Map<SourceFileName, Set<number>>()
  for (const { parent } of file.columns) if (parent) asked.set(parent, new Set())
  if (asked.size === 0) return new Map()
  const recorders: ParentIds = new Map(
    [...asked].map(([name, ids]) => [name, { has: (id) => ids.add(id) !== undefined }]),
  )
  const reading = readSourceFile(file, path, {
    parents: recorders,
    rejects: { write() {} },
    signal,
  })
  const chunks = reading.chunks[Symbol.asyncIterator]()
  while ((await chunks.next()).done !== true) signal?.throwIfAborted()
  const known: ParentIds = new Map()
  for (const [name, ids] of asked) {
    const there = await existing(client, tableOf(name), [...ids])
    known.set(name, { has: (id) => there.has(id) || accepted.get(name)?.has(id) === true })
  }
  return known
}

async function existing(client: Client, table: string, ids: number[]): Promise<IdSet> {
  const there = new IdSet()
  for (let at = 0; at < ids.length; at += idsAskedMax) {
    const { rows } = await client.query<{ id: number }>(
      `select id from ${table} where id = any($1::int[])`,
      [ids.slice(at, at + idsAskedMax)],
    )
    for (const { id } of rows) there.add(id)
  }
  return there
}

const tableOf = (name: SourceFileName): string =>
  sourceFiles.find((file) => file.name === name)?.table ?? ''
