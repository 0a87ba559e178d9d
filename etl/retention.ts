import type pg from 'pg'
import type { Progress } from './progress.ts'
import { dropRelease } from './publish.ts'

/** One to serve and one to go back to. */
export const keptMin = 2
export const keptDefault = 3

export interface Retention {
  /** How many releases stay, the live one among them. */
  readonly kept: number
  /** The one that was just made: it stays besides, published or not. */
  readonly newest: number
  readonly progress: Progress
}

/**
 * Drops all but `kept` releases: the live one stays, then those that were live last, so that there is one to go back to however
 * many were refused or rolled back since. One that cannot be dropped, because a backup is reading it for example, is noted
 * and left to the next import: what was just published is live whatever becomes of it.
 */
export async function dropOldReleases(
  control: pg.Client,
  { kept, newest, progress }: Retention,
): Promise<void> {
  const { rows } = await control.query<{ id: number }>(
    `select r.id from catalog.release r
     where r.state in ('ready', 'refused') and r.id <> $2
       and not exists (select from catalog.live l where l.release = r.id)
     order by
       (select max(p.id) from catalog.publication p where r.id in (p.release, p.previous)) desc nulls last,
       r.id desc
     offset $1 - 1`,
    [kept, newest],
  )
  for (const { id } of rows) {
    await dropRelease(control, id).catch((error: Error) => {
      progress.note(
        `release ${id} could not be dropped now (${error.message}): the next import does it`,
      )
    })
  }
}
