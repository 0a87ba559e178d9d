import type pg from 'pg'
import { explainDatabaseFailure, isLockTimeout } from './database-failure.ts'
import { EtlError } from './etl-error.ts'
import type { ImportSummary } from './import-summary.ts'
import { endLoaders } from './session.ts'
import { sqlText } from './sql.ts'

/** How long publishing and book-keeping wait for the locks of others. */
const lockTimeout = '5s'
/** A drop that waits for a reader holds up the readers that come behind it: those of one table of an old release. */
const dropLockTimeout = '1s'

/** The schema that holds the tables of a release. */
export const schemaOf = (release: number): string => `release_${release}`

/** Creates what outlives every release, where it is not there yet. */
export async function prepareCatalog(control: pg.Client): Promise<void> {
  await control.query(`set client_min_messages = warning; set lock_timeout = '${lockTimeout}'`)
  await control.query(sqlText('catalog'))
}

/** Whether anything was ever imported, or begun, in this database. */
export async function hasCatalog(control: pg.Client): Promise<boolean> {
  const { rows } = await control.query<{ has: boolean }>(
    "select to_regnamespace('catalog') is not null as has",
  )
  return rows[0]?.has === true
}

/** Removes what outlives every release, with whatever it still says about them. */
export async function dropCatalog(control: pg.Client): Promise<void> {
  await control.query('drop schema if exists catalog cascade')
}

/** Registers a new release, creates its empty tables and gives its id. Nothing points at it yet. */
export async function beginRelease(control: pg.Client, source: string): Promise<number> {
  const { rows } = await control.query<{ id: number }>(
    'insert into catalog.release (source) values ($1) returning id',
    [source],
  )
  const id = rows[0]?.id ?? 0
  await control.query(
    `begin; create schema ${schemaOf(id)}; set local search_path = ${schemaOf(id)}; ${sqlText('tables')} commit`,
  )
  return id
}

/** Marks a loaded release as ready to publish, or as refused with the reason; either way its tables stay. */
export async function finishRelease(control: pg.Client, summary: ImportSummary): Promise<void> {
  const { release, refusals } = summary
  const { rowCount } = await control.query(
    `update catalog.release set state = $2, refusal = $3, summary = $4, finished_at = now()
     where id = $1 and state = 'loading'`,
    [
      release,
      refusals.length === 0 ? 'ready' : 'refused',
      refusals.join('; ') || null,
      JSON.stringify(summary),
    ],
  )
  if (rowCount !== 1)
    throw new EtlError(`release ${release} is no longer being loaded by this import`)
}

/** Removes the tables of a release that nobody reads, one by one, so that no lock is held long, and its part of the change log. */
export async function removeRelease(control: pg.Client, release: number): Promise<void> {
  const schema = schemaOf(release)
  await endLoaders(control, schema)
  await control.query(`set lock_timeout = '${dropLockTimeout}'`)
  try {
    await dropTables(control, schema)
    await control.query('delete from catalog.change where release = $1', [release])
    await control.query('delete from catalog.change_total where release = $1', [release])
  } finally {
    await control.query(`set lock_timeout = '${lockTimeout}'`).catch(() => {})
  }
  await control.query(
    "update catalog.release set state = 'dropped', finished_at = coalesce(finished_at, now()) where id = $1",
    [release],
  )
}

async function dropTables(control: pg.Client, schema: string): Promise<void> {
  const { rows } = await control.query<{ name: string }>(
    'select quote_ident(tablename) as name from pg_tables where schemaname = $1',
    [schema],
  )
  for (const { name } of rows) await control.query(`drop table ${schema}.${name} cascade`)
  await control.query(`drop schema if exists ${schema} cascade`)
}

/** The same, but false when a table of it is being read for longer than a second: what is left can be removed later. */
export async function removeUnlessRead(control: pg.Client, release: number): Promise<boolean> {
  try {
    await removeRelease(control, release)
    return true
  } catch (error) {
    if (isLockTimeout(error)) return false
    throw error
  }
}

/** Removes a release that was never published together with every trace of it. */
export async function forgetRelease(control: pg.Client, release: number): Promise<void> {
  await removeRelease(control, release)
  await control.query('delete from catalog.release where id = $1', [release])
}

/**
 * Removes what a failed load left of a release that is not finished; a finished one is never touched. When even that
 * fails, the next import sweeps it away.
 */
export async function abandonRelease(
  control: pg.Client,
  release: number,
  cause: unknown,
): Promise<void> {
  try {
    const { rows } = await control.query<{ state: string }>(
      'select state from catalog.release where id = $1',
      [release],
    )
    if (rows[0]?.state === 'loading') await removeRelease(control, release)
  } catch (error) {
    const { message } = explainDatabaseFailure(cause) as Error
    throw new EtlError(
      `${message} (release ${release} is not removed yet: ${(error as Error).message})`,
      { cause, ...(cause instanceof EtlError && { exitCode: cause.exitCode }) },
    )
  }
}
