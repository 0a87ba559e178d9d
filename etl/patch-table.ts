import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Client } from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { EtlError } from './etl-error.ts'
import { type SourceFile, tableColumns } from './source-files.ts'

/** What became of the rows of a patch that passed the checks. */
export interface MergeCounts {
  readonly inserted: number
  readonly updated: number
  /** They stood in the catalogue already, to the letter. */
  readonly unchanged: number
}

/**
 * Copies rows into a temporary table that ends with the transaction. Throws when the database took another number of rows
 * than `expected()` says were sent.
 */
export async function copyToScratch(
  client: Client,
  file: SourceFile,
  chunks: AsyncIterable<Buffer>,
  expected: () => number,
): Promise<void> {
  const columns = tableColumns(file).join(', ')
  const scratch = scratchOf(file)
  await client.query(
    `create temp table ${scratch} on commit drop as select ${columns} from ${file.table} with no data`,
  )
  const copy = client.query(
    copyFrom(
      `copy ${scratch} (${columns}) from stdin with (format csv, null 'null', encoding 'UTF8')`,
    ),
  )
  await pipeline(Readable.from(chunks, { objectMode: true, highWaterMark: 2 }), copy)
  if (copy.rowCount !== expected()) {
    throw new EtlError(
      `${file.name}: ${expected()} rows were sent, the database took ${copy.rowCount}; nothing was changed`,
    )
  }
  await client.query(`analyze ${scratch}`)
}

/** Inserts or updates by id what the scratch table holds; rows that are the same already are left alone, so no reply is dropped for them. */
export async function mergeScratch(
  client: Client,
  file: SourceFile,
  rows: number,
): Promise<MergeCounts> {
  const { table } = file
  const columns = tableColumns(file)
  const changing = columns.filter((column) => column !== 'id')
  const { rows: counts } = await client.query<{ inserted: string; updated: string }>(`
    with merged as (
      insert into ${table} (${columns.join(', ')})
      select ${columns.join(', ')} from ${scratchOf(file)}
      on conflict (id) do update
      set ${changing.map((column) => `${column} = excluded.${column}`).join(', ')}
      where (${changing.map((column) => `${table}.${column}`).join(', ')})
        is distinct from (${changing.map((column) => `excluded.${column}`).join(', ')})
      returning xmax = 0 as inserted
    )
    select count(*) filter (where inserted) as inserted,
           count(*) filter (where not inserted) as updated
    from merged`)
  const inserted = Number(counts[0]?.inserted)
  const updated = Number(counts[0]?.updated)
  return { inserted, updated, unchanged: rows - inserted - updated }
}

const scratchOf = ({ table }: SourceFile) => `patch_${table}`
