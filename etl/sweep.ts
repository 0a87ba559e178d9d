import type pg from 'pg'
import type { Progress } from './progress.ts'
import { rejectsDirOf, removePartialRejects } from './reject-file.ts'
import { removeUnlessRead } from './release.ts'

/**
 * Removes what commands that were killed have left, and says in a note what it found: releases that were being loaded,
 * the rest of those that were being dropped. The caller holds the import lock, so nobody is at work on them.
 */
export async function sweep(control: pg.Client, progress: Progress): Promise<void> {
  const { rows } = await control.query<{ id: number; state: string }>(
    `select id, state from catalog.release
     where state = 'loading' or state = 'dropped' and to_regnamespace('release_' || id) is not null
     order by id`,
  )
  for (const { id, state } of rows) {
    const found =
      state === 'loading' ? 'was left unfinished by a command that died' : 'was only half removed'
    const removed = await removeUnlessRead(control, id)
    removePartialRejects(rejectsDirOf(id))
    progress.note(
      `release ${id} ${found}; ` +
        (removed
          ? 'its tables are removed'
          : 'its tables are being read, a later import removes them'),
    )
  }
  await noteUnpublished(control, progress)
}

/** Killed between its last row and its publication, or left so on purpose: either way it is whole. */
async function noteUnpublished(control: pg.Client, progress: Progress): Promise<void> {
  const { rows } = await control.query<{ id: number }>(
    `select r.id from catalog.release r
     where r.state = 'ready' and r.id > coalesce((select release from catalog.live), 0)
       and not exists (select from catalog.publication p where p.release = r.id)
     order by r.id`,
  )
  for (const { id } of rows) {
    progress.note(`release ${id} is ready and was never published: \`etl publish ${id}\` does it`)
  }
}
