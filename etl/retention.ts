import type pg from 'pg'
import type { Progress } from './progress.ts'
import { dropRelease } from './publish.ts'

/** One to serve and one to go back to. */
export const keptMin = 2
export const keptDefault = 3

/**
 * Drops all but the newest `kept` releases: the live one stays, then those that were published before, so that there is one to
 * go back to however many were refused since. One that cannot be dropped, because a backup is reading it for example, is noted
 * and left to the next import: what was just published is live whatever becomes of it.
 */
export async function dropOldReleases(
  control: pg.Client,
  kept: number,
  progress: Progress,
): Promise<void> {
  const { rows } = await control.query<{ id: number }>(
    `select r.id from catalog.release r
     where r.state in ('ready', 'refused') and not exists (select from catalog.live l where l.release = r.id)
     order by exists (select from catalog.publication p where p.release = r.id) desc, r.id desc
     offset $1 - 1`,
    [kept],
  )
  for (const { id } of rows) {
    await dropRelease(control, id).catch((error: Error) => {
      progress.note(
        `release ${id} could not be dropped now (${error.message}): the next import does it`,
      )
    })
  }
}
