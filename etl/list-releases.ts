import Table from 'cli-table3'
import type pg from 'pg'

interface ReleaseRow {
  release: number
  state: string
  live: boolean
  products: number | null
  started: Date
  finished: Date | null
  bytes: string
  source: string
  refusal: string | null
}

/** All releases that are still here, newest first, as a table or as a JSON array. */
export async function listReleases(control: pg.Client, asJson: boolean): Promise<string> {
  const { rows } = await control.query<ReleaseRow>(`
    select r.id as release, r.state, l.release is not null as live,
           (r.summary #>> '{files,product.csv,loaded}')::int as products,
           r.started_at as started, r.finished_at as finished, r.source, r.refusal,
           (select coalesce(sum(pg_total_relation_size(c.oid)), 0)
            from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where n.nspname = 'release_' || r.id and c.relkind = 'r') as bytes
    from catalog.release r left join catalog.live l on l.release = r.id
    where r.state <> 'dropped'
    order by r.id desc`)
  if (asJson) return JSON.stringify(rows.map((row) => ({ ...row, bytes: Number(row.bytes) })))
  if (rows.length === 0) return 'no releases yet: `etl import <dir>` makes one'
  const table = new Table({
    head: ['release', 'state', 'products', 'MB', 'started', 'source'],
    colAligns: ['right', 'left', 'right', 'right', 'left', 'left'],
    style: { head: [], border: [], compact: true },
  })
  for (const row of rows) {
    table.push([
      row.release,
      row.live ? 'live' : row.state,
      row.products ?? '',
      Math.ceil(Number(row.bytes) / 1e6),
      row.started.toISOString().slice(0, 19),
      row.source,
    ])
  }
  const refusals = rows.filter(({ refusal, live }) => refusal !== null && !live)
  return [
    table.toString(),
    ...refusals.map(({ release, refusal }) => `release ${release} was refused: ${refusal}`),
  ].join('\n')
}
