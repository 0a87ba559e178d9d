import type { Client } from 'pg'
import { prepareCatalog } from '../../etl/release.ts'
import { connectControl } from '../../etl/session.ts'
import { LocalError } from './local-error.ts'

const versionMin = 15

export interface PublishedRelease {
  readonly release: number
  readonly products: number
  /** A product that exists, to try the service with; undefined in an empty catalogue. */
  readonly firstProductId: number | undefined
  /** Where its import wrote the rejected rows, on the machine that ran it. */
  readonly rejectsDir: string | undefined
}

/** The release that is live in a database, if one was ever published; the catalogue of a former version is brought up to this one. */
export const publishedRelease = async (
  databaseUrl: string,
): Promise<PublishedRelease | undefined> => {
  const client = await connectControl(databaseUrl)
  try {
    await checkVersion(client)
    const { rows } = await client.query<{ exists: boolean; isWhole: boolean }>(
      `select to_regclass('catalog.live') is not null as exists,
              to_regclass('catalog.change_horizon') is not null as "isWhole"`,
    )
    const [found] = rows
    if (found?.exists !== true) return undefined
    if (!found.isWhole) await prepareCatalog(client)
    return await readRelease(client)
  } finally {
    await client.end()
  }
}

const checkVersion = async (client: Client) => {
  const { rows } = await client.query<{ server_version: string }>('show server_version')
  const version = rows[0]?.server_version ?? ''
  if (Number.parseInt(version, 10) < versionMin)
    throw new LocalError(
      `expected PostgreSQL ${versionMin} or later at DATABASE_URL, but it is ${version}`,
    )
}

const readRelease = async (client: Client): Promise<PublishedRelease | undefined> => {
  const { rows } = await client.query<{ release: number; rejects_dir: string | null }>(
    `select r.id as release, r.summary ->> 'rejectsDir' as rejects_dir
     from catalog.live l join catalog.release r on r.id = l.release`,
  )
  const [live] = rows
  if (live === undefined) return undefined
  const counted = await client.query<{ products: number; first_id: number | null }>(
    `select count(*)::int as products, min(product_id) as first_id from release_${live.release}.product_document`,
  )
  return {
    release: live.release,
    products: counted.rows[0]?.products ?? 0,
    firstProductId: counted.rows[0]?.first_id ?? undefined,
    rejectsDir: live.rejects_dir ?? undefined,
  }
}
