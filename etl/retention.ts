import type pg from 'pg'
import { dropRelease } from './publish.ts'

/** One to serve and one to go back to. */
export const keptMin = 2
export const keptDefault = 3

/** Drops all but the newest `kept` releases, the live one always stays. Gives the numbers of those dropped. */
export async function dropOldReleases(control: pg.Client, kept: number): Promise<number[]> {
  const { rows } = await control.query<{ id: number }>(
    `select r.id from catalog.release r
     where r.state in ('ready', 'refused') and not exists (select from catalog.live l where l.release = r.id)
     order by r.id desc offset $1 - 1`,
    [kept],
  )
  for (const { id } of rows) await dropRelease(control, id)
  return rows.map(({ id }) => id)
}
