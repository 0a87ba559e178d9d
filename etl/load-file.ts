import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { EtlError } from './etl-error.ts'
import type { SourceFile } from './source-files.ts'

/**
 * Copies the checked rows of one file into its empty table. Truncating in the same transaction lets
 * PostgreSQL write the rows frozen, and without WAL where `wal_level` is minimal. Throws when the
 * database took another number of rows than `expected()` says were sent.
 */
export async function loadFile(
  client: pg.ClientBase,
  file: SourceFile,
  chunks: AsyncIterable<Buffer>,
  expected: () => number,
): Promise<void> {
  await client.query(`begin; truncate ${file.table}`)
  const copy = client.query(copyFrom(copyStatement(file)))
  await pipeline(Readable.from(chunks, { objectMode: true, highWaterMark: 2 }), copy)
  if (copy.rowCount !== expected()) {
    throw new EtlError(
      `${file.name}: ${expected()} rows were sent, the database took ${copy.rowCount}; nothing was published`,
    )
  }
  await client.query('commit')
}

function copyStatement({ table, columns }: SourceFile): string {
  const names = columns.map(({ name, column = name }) => column).join(', ')
  return `copy ${table} (${names}) from stdin with (format csv, null 'null', freeze true, encoding 'UTF8')`
}
