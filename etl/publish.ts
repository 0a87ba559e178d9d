import type pg from 'pg'
import { isLockTimeout } from './database-failure.ts'
import { EtlError } from './etl-error.ts'
import { removeRelease, schemaOf } from './release.ts'
import { sqlText } from './sql.ts'

/** The release that readers are given, if one was ever published. */
export async function liveRelease(control: pg.Client): Promise<number | undefined> {
  const { rows } = await control.query<{ release: number }>('select release from catalog.live')
  return rows[0]?.release
}

/**
 * Points readers at `release`. A refused release may be published on purpose; one that is still
 * loading, was dropped or never existed throws an `EtlError` and the pointer stays.
 */
export async function publishRelease(
  control: pg.Client,
  release: number,
  action: 'publish' | 'rollback' = 'publish',
): Promise<void> {
  await withPointerLock(control, async () => {
    const state = await stateOf(control, release)
    if (state !== 'ready' && state !== 'refused') {
      throw new EtlError(
        `release ${release} cannot be published: expected a ready or refused release, it is ${state}. ` +
          '`etl releases` lists them.',
      )
    }
    await control.query(`set local search_path = ${schemaOf(release)}; ${sqlText('views')}`)
    await control.query(sqlText('publish'), [release, action])
  })
}

/** Publishes a release that was just loaded. When others hold the locks it says that all is there: nobody need load it again. */
export async function publishLoaded(control: pg.Client, release: number): Promise<void> {
  try {
    await publishRelease(control, release)
  } catch (error) {
    if (!isLockTimeout(error)) throw error
    throw new EtlError(
      `release ${release} is loaded and ready but was not published (${(error as Error).message}): ` +
        `\`etl publish ${release}\` does it`,
      { cause: error },
    )
  }
}

/**
 * Points readers at `release`, or at the one that was live before the current one, and gives its id.
 * Takes milliseconds: the tables are all still there.
 */
export async function rollBack(control: pg.Client, release?: number): Promise<number> {
  const live = await liveRelease(control)
  const target = release ?? (await releaseBefore(control, live))
  if (target === live) throw new EtlError(`release ${target} is live already`)
  await publishRelease(control, target, 'rollback')
  return target
}

async function releaseBefore(control: pg.Client, live: number | undefined): Promise<number> {
  const { rows } = await control.query<{ id: number }>(sqlText('release-before'), [live ?? 0])
  const id = rows[0]?.id
  if (id === undefined) {
    throw new EtlError(
      live === undefined
        ? 'nothing is published, so there is nothing to roll back'
        : `no release that was live before ${live} is still here`,
    )
  }
  return id
}

/** Drops the tables of a release for good; throws an `EtlError` for the live one and for one that is not there. */
export async function dropRelease(control: pg.Client, release: number): Promise<void> {
  await withPointerLock(control, async () => {
    const state = await stateOf(control, release)
    if (state === 'unknown' || state === 'dropped') {
      throw new EtlError(`release ${release} is not here to drop: it is ${state}`)
    }
    if ((await liveRelease(control)) === release) {
      throw new EtlError(
        `release ${release} is live: publish another one or roll back before dropping it`,
      )
    }
    await control.query("update catalog.release set state = 'dropped' where id = $1", [release])
  })
  await removeRelease(control, release)
}

async function stateOf(control: pg.Client, release: number): Promise<string> {
  const { rows } = await control.query<{ state: string }>(
    'select state from catalog.release where id = $1',
    [release],
  )
  return rows[0]?.state ?? 'unknown'
}

/** Runs `change` in a transaction that no other publish, rollback or drop runs beside; readers are not held up. */
async function withPointerLock(control: pg.Client, change: () => Promise<void>): Promise<void> {
  await control.query('begin; lock table catalog.live in share row exclusive mode')
  try {
    await change()
    await control.query('commit')
  } catch (error) {
    // A connection that is gone has rolled back already, and must not hide why.
    await control.query('rollback').catch(() => {})
    throw error
  }
}
