import { availableParallelism } from 'node:os'
import type pg from 'pg'
import { diffReleases } from './diff.ts'
import { defaultGateLimits, type GateLimits, gateRefusals } from './gates.ts'
import { takeImportLock } from './import-lock.ts'
import type { FileSummary, ImportSummary } from './import-summary.ts'
import { loadRelease } from './load-release.ts'
import { findSourceFiles, type SourcePaths } from './open-source-file.ts'
import { type Progress, silent } from './progress.ts'
import { liveRelease, publishLoaded } from './publish.ts'
import {
  abandonRelease,
  beginRelease,
  dropCatalog,
  finishRelease,
  forgetRelease,
  hasCatalog,
  prepareCatalog,
  schemaOf,
} from './release.ts'
import { checkHeaders } from './read-source-file.ts'
import { rejectsDirOf } from './reject-file.ts'
import { dropOldReleases, keptDefault } from './retention.ts'
import { anySignal, endLoaders, openLoadPool, withControl } from './session.ts'
import type { SourceFileName } from './source-files.ts'
import { sweep } from './sweep.ts'

export interface ImportOptions {
  readonly databaseUrl: string
  /** The folder of the six files. */
  readonly dir: string
  /** Where the reject files go; `rejects/<release>` below the working folder unless told, nowhere when null. */
  readonly rejectsDir?: string | null | undefined
  readonly gates?: Partial<GateLimits>
  /** Leave the release unpublished, to be published by `etl publish`. */
  readonly publish?: boolean
  /** How many releases stay when this one is published, the live one among them; 3 unless told. */
  readonly kept?: number
  /** Connections that load and build at once; one more than there are processors unless told. */
  readonly jobsMax?: number | undefined
  readonly progress?: Progress
  readonly signal?: AbortSignal | undefined
}

/**
 * Makes a new release of the catalogue from a folder of CSV files and publishes it when it passes the
 * gates. Until then nobody can see it; when anything fails its tables are removed, the live release
 * goes on and the failure is thrown.
 */
export async function importCatalogue(options: ImportOptions): Promise<ImportSummary> {
  return withImportLock(options, async (control, sources, signal) => {
    const summary = await loadNewRelease(control, sources, { ...options, signal })
    await finishRelease(control, summary)
    const published = summary.refusals.length === 0 && options.publish !== false
    if (published) await publishLoaded(control, summary.release)
    await dropOldReleases(control, {
      kept: options.kept ?? keptDefault,
      newest: summary.release,
      progress: options.progress ?? silent,
    })
    return { ...summary, published }
  })
}

/**
 * Does everything that an import does up to publishing, says how the catalogue would change (prices by
 * more than `priceShare` apart), and removes it all again. Reject files are kept only where `rejectsDir` says.
 */
export async function rehearseImport(
  options: ImportOptions,
  priceShare: number,
): Promise<ImportSummary> {
  return withImportLock(options, async (control, sources, signal, isFirst) => {
    try {
      return await rehearseRelease(control, sources, { ...options, signal }, priceShare)
    } finally {
      if (isFirst) await dropCatalog(control)
    }
  })
}

async function rehearseRelease(
  control: pg.Client,
  sources: SourcePaths,
  options: ImportOptions,
  priceShare: number,
): Promise<ImportSummary> {
  const { rejectsDir = null } = options
  const summary = await loadNewRelease(control, sources, { ...options, rejectsDir })
  try {
    const live = await liveRelease(control)
    const diff = live && (await diffReleases(control, live, summary.release, priceShare))
    return { ...summary, ...(diff && { diff }) }
  } finally {
    await forgetRelease(control, summary.release)
  }
}

/** While one waits for its rows or for the disk, another has work for its core: 7 % less time for the full set on two cores. */
const jobsDefault = () => availableParallelism() + 1

/** The signal that `work` gets aborts when the import is interrupted, and when the lock is lost; `isFirst` says that there was no catalogue. */
async function withImportLock<T>(
  { dir, databaseUrl, progress = silent, signal }: ImportOptions,
  work: (
    control: pg.Client,
    sources: SourcePaths,
    signal: AbortSignal,
    isFirst: boolean,
  ) => Promise<T>,
): Promise<T> {
  const sources = await findSourceFiles(dir)
  await checkHeaders(sources)
  return withControl(databaseUrl, async (control, lost) => {
    await takeImportLock(control)
    const isFirst = !(await hasCatalog(control))
    await prepareCatalog(control)
    await sweep(control, progress)
    return work(control, sources, anySignal(signal, lost), isFirst)
  })
}

/** A new release, loaded and judged by the gates but not yet finished; removed again when anything fails. */
async function loadNewRelease(
  control: pg.Client,
  sources: SourcePaths,
  options: ImportOptions,
): Promise<ImportSummary> {
  const release = await beginRelease(control, options.dir)
  const { rejectsDir = rejectsDirOf(release) } = options
  try {
    const loaded = await fill(control, release, sources, rejectsDir, options)
    const refusals = await refusalsOf(control, loaded.files, options.gates)
    return { release, published: false, refusals, rejectsDir, ...loaded }
  } catch (error) {
    await abandonRelease(control, release, error)
    throw error
  }
}

/** Loads the release on connections of its own; an abort ends their statements, however long they would run. */
async function fill(
  control: pg.Client,
  release: number,
  sources: SourcePaths,
  rejectsDir: string | null,
  { databaseUrl, jobsMax = jobsDefault(), progress = silent, signal }: ImportOptions,
) {
  const schema = schemaOf(release)
  const pool = openLoadPool(databaseUrl, schema, jobsMax)
  const stop = () => void endLoaders(control, schema).catch(() => {})
  signal?.addEventListener('abort', stop)
  try {
    return await loadRelease({ pool, sources, rejectsDir, progress, signal })
  } catch (error) {
    signal?.throwIfAborted()
    throw error
  } finally {
    signal?.removeEventListener('abort', stop)
    // In the background: after a failure, statements of other connections still run until `abandon` ends them.
    void pool.end()
  }
}

async function refusalsOf(
  control: pg.Client,
  files: Record<SourceFileName, FileSummary>,
  limits: Partial<GateLimits> = {},
): Promise<string[]> {
  const { rows } = await control.query<{ summary: ImportSummary | null }>(
    'select summary from catalog.release where id = $1',
    [await liveRelease(control)],
  )
  return gateRefusals(files, rows[0]?.summary?.files, { ...defaultGateLimits, ...limits })
}
