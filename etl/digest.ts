import type { ClientBase } from 'pg'
import { schemaOf } from './release.ts'

/** Rows of a table and a digest of their contents that does not depend on their order. */
export interface TableDigest {
  readonly table: string
  readonly rows: number
  readonly digest: string
}

/** The tables of a release whose contents are its own; the list's anchors may differ for equal catalogues. */
const digestedTables = [
  'product',
  'feature',
  'style',
  'photo',
  'sku',
  'related',
  'product_document',
  'styles_document',
  'related_document',
] as const

/**
 * Digests a release: equal contents give equal digests on every PostgreSQL, whatever their order on disk.
 * The sum of half an MD5 of each row's text; a full set takes about a minute.
 */
export async function digestRelease(client: ClientBase, release: number): Promise<TableDigest[]> {
  const digests: TableDigest[] = []
  for (const table of digestedTables) {
    const { rows } = await client.query<{ rows: string; digest: string }>(`
      select count(*) as rows,
             coalesce(sum(('x' || left(md5(t::text), 16))::bit(64)::bigint::numeric), 0) as digest
      from ${schemaOf(release)}.${table} t`)
    const [{ rows: count, digest } = { rows: '0', digest: '0' }] = rows
    digests.push({ table, rows: Number(count), digest })
  }
  return digests
}
