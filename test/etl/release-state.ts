import type { Client } from 'pg'
import { digestRelease, type TableDigest } from '../../etl/digest.ts'
import { liveRelease } from '../../etl/publish.ts'

/** The contents of the live release. */
export const liveDigest = async (client: Client): Promise<TableDigest[]> =>
  digestRelease(client, (await liveRelease(client)) ?? 0)

/** Releases that a command has begun to load or to drop and did not bring to an end. */
export const halfDone = async (client: Client): Promise<number[]> => {
  const { rows } = await client.query<{ id: number }>(
    `select id from catalog.release
     where state = 'loading' or state = 'dropped' and to_regnamespace('release_' || id) is not null order by id`,
  )
  return rows.map(({ id }) => id)
}

/** The schemas that are there and those that should be: they differ when something was left behind. */
export const schemas = async (client: Client) => {
  const { rows } = await client.query<{ there: string[]; expected: string[] }>(`
    select array(select nspname::text from pg_namespace where nspname like 'release\\_%' order by 1) as there,
           array(select 'release_' || id from catalog.release where state in ('ready', 'refused') order by 1) as expected`)
  return rows[0] ?? { there: [], expected: [] }
}
