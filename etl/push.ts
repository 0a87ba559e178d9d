import { availableParallelism } from 'node:os'
import type { Client } from 'pg'
import { copyTables } from './copy-tables.ts'
import { digestRelease, type TableDigest } from './digest.ts'
import { EtlError } from './etl-error.ts'
import { takeImportLock } from './import-lock.ts'
import type { ImportSummary } from './import-summary.ts'
import { type Progress, silent } from './progress.ts'
import { liveRelease, publishLoaded } from './publish.ts'
import { abandonRelease, beginRelease, finishRelease, prepareCatalog, schemaOf } from './release.ts'
import { dropOldReleases, keptDefault } from './retention.ts'
import { anySignal, withControl, withoutPassword } from './session.ts'
import { sweep } from './sweep.ts'

export interface PushOptions {
  /** Where the release is. */
  readonly databaseUrl: string
  /** Where it goes. */
  readonly targetUrl: string
  /** The live one unless told. */
  readonly release?: number | undefined
  /** Leave it unpublished there. */
  readonly publish?: boolean
  readonly kept?: number
  readonly jobsMax?: number | undefined
  readonly progress?: Progress
  readonly signal?: AbortSignal | undefined
}

/** What a push copied. */
export interface PushResult {
  /** Its number here and there. */
  readonly release: number
  readonly targetRelease: number
  readonly published: boolean
  /** The same on both sides. */
  readonly digests: readonly TableDigest[]
}

/**
 * Copies a release, as it stands at one moment, into another PostgreSQL and publishes it there once rows and digests
 * of every table are the same on both sides. Interrupted or different, it leaves nothing visible there.
 */
export async function pushRelease(options: PushOptions): Promise<PushResult> {
  return withControl(options.databaseUrl, (source, sourceLost) =>
    withControl(options.targetUrl, (target, targetLost) =>
      push(source, target, {
        ...options,
        signal: anySignal(options.signal, sourceLost, targetLost),
      }),
    ),
  )
}

async function push(source: Client, target: Client, options: PushOptions): Promise<PushResult> {
  const { release, summary, snapshot } = await openSource(source, options)
  await takeImportLock(target)
  await prepareCatalog(target)
  await sweep(target, options.progress ?? silent)
  const targetRelease = await beginRelease(target, origin(options.databaseUrl, release))
  try {
    await copyTables({
      source: { url: options.databaseUrl, schema: schemaOf(release), snapshot },
      target: { url: options.targetUrl, schema: schemaOf(targetRelease), control: target },
      jobsMax: options.jobsMax ?? availableParallelism(),
      progress: options.progress ?? silent,
      signal: options.signal,
    })
    const digests = await verify(source, release, target, targetRelease)
    await finishRelease(target, { ...summary, release: targetRelease, published: false })
    const published = await publishThere(target, targetRelease, options)
    return { release, targetRelease, published, digests }
  } catch (error) {
    await abandonRelease(target, targetRelease, error)
    throw error
  }
}

/** Opens a snapshot of the source that other connections can read too, and finds the release in it. */
async function openSource(source: Client, { release: wanted }: PushOptions) {
  await source.query('begin isolation level repeatable read read only')
  const release = wanted ?? (await liveRelease(source))
  const { rows } = await source.query<{ summary: ImportSummary; snapshot: string }>(
    `select summary, pg_export_snapshot() as snapshot from catalog.release
     where id = $1 and state in ('ready', 'refused')`,
    [release],
  )
  const [found] = rows
  if (release === undefined)
    throw new EtlError('nothing is published here, so there is nothing to push')
  if (!found)
    throw new EtlError(`there is no release ${release} to push: \`etl releases\` lists them`)
  return { release, ...found }
}

async function verify(
  source: Client,
  release: number,
  target: Client,
  targetRelease: number,
): Promise<TableDigest[]> {
  const [here, there] = await Promise.all([
    digestRelease(source, release),
    digestRelease(target, targetRelease),
  ])
  const differing = here.filter(({ digest, rows }, at) => {
    return digest !== there[at]?.digest || rows !== there[at].rows
  })
  if (differing.length > 0) {
    const tables = differing.map(({ table }) => table).join(', ')
    throw new EtlError(
      `the copy differs from its source in ${tables}; it is removed, nothing was published`,
    )
  }
  return here
}

async function publishThere(
  target: Client,
  release: number,
  { publish, kept = keptDefault, progress = silent }: PushOptions,
): Promise<boolean> {
  const published = publish !== false
  if (published) await publishLoaded(target, release)
  await dropOldReleases(target, { kept, newest: release, progress })
  return published
}

const origin = (databaseUrl: string, release: number) =>
  `release ${release} of ${withoutPassword(databaseUrl)}`
