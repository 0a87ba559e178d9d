import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Client, Pool, PoolClient } from 'pg'
import { from as copyFrom, to as copyTo } from 'pg-copy-streams'
import { EtlError } from './etl-error.ts'
import type { Progress, Task } from './progress.ts'
import { runAll } from './run-all.ts'
import { connectControl, endLoaders, openLoadPool } from './session.ts'
import { sqlStatements, sqlText } from './sql.ts'

export interface TableCopy {
  readonly source: {
    readonly url: string
    readonly schema: string
    /** Of a transaction that stays open: all tables are read as they stand in it. */
    readonly snapshot: string
  }
  readonly target: { readonly url: string; readonly schema: string; readonly control: Client }
  readonly jobsMax: number
  readonly progress: Progress
  readonly signal: AbortSignal | undefined
}

const rowTables = ['product', 'style', 'feature', 'photo', 'sku', 'related']
const documentTables = ['product_document', 'styles_document', 'related_document']
const orderedTables = ['feature', 'photo', 'related']

/** Fills the empty tables of a release from another database by binary COPY, and builds its keys, anchors and triggers. */
export async function copyTables(copy: TableCopy): Promise<void> {
  const { target, jobsMax, signal } = copy
  const pool = openLoadPool(target.url, target.schema, jobsMax)
  const stop = () => void endLoaders(target.control, target.schema).catch(() => {})
  signal?.addEventListener('abort', stop)
  try {
    await copyAll(copy, pool)
  } catch (error) {
    signal?.throwIfAborted()
    throw error
  } finally {
    signal?.removeEventListener('abort', stop)
    // In the background: after a failure, other tables are still on their way until their backends are ended.
    void pool.end()
  }
}

async function copyAll(copy: TableCopy, pool: Pool): Promise<void> {
  const steps = { pool, progress: copy.progress }
  await Promise.all(rowTables.map((table) => copyTable(copy, pool, table)))
  await runAll(steps, 'keys', sqlStatements('keys'))
  await pool.query(sqlText('documents'))
  await pool.query(sqlText('list-anchors'))
  await Promise.all(documentTables.map((table) => copyTable(copy, pool, table)))
  await runAll(steps, 'document keys', sqlStatements('document-keys'))
  await runAll(steps, 'triggers', [sqlText('changes')])
  await runAll(steps, 'order of files', orderedTables.map(continueOrdinals))
  await runAll(
    steps,
    'statistics',
    rowTables.map((table) => `analyze ${table}`),
  )
}

async function copyTable(copy: TableCopy, pool: Pool, table: string): Promise<void> {
  const client = await pool.connect()
  try {
    const source = await connectControl(copy.source.url)
    try {
      await copyBetween(copy, source, client, table)
    } finally {
      await source.end()
    }
    client.release()
  } catch (error) {
    client.release(true)
    throw error
  }
}

async function copyBetween(
  { source: { schema, snapshot }, progress }: TableCopy,
  source: Client,
  target: PoolClient,
  table: string,
): Promise<void> {
  await source.query(
    `begin isolation level repeatable read read only; set transaction snapshot '${snapshot}'`,
  )
  const { columns, bytes } = await describe(source, `${schema}.${table}`)
  await target.query(`begin; truncate ${table}`)
  const task = progress.begin(table, bytes, 'bytes')
  const reading = source.query(
    copyTo(`copy ${schema}.${table} (${columns}) to stdout (format binary)`),
  )
  const writing = target.query(
    copyFrom(`copy ${table} (${columns}) from stdin (format binary, freeze true)`),
  )
  await pipeline(reading, counted(task, bytes), writing)
  if (writing.rowCount !== reading.rowCount) {
    throw new EtlError(`${table}: ${reading.rowCount} rows were sent, ${writing.rowCount} arrived`)
  }
  await target.query('commit')
  task.end()
}

async function describe(
  source: Client,
  table: string,
): Promise<{ columns: string; bytes: number }> {
  const { rows } = await source.query<{ columns: string; bytes: string }>(
    `select string_agg(quote_ident(attname), ', ' order by attnum) as columns,
            pg_table_size($1::regclass) as bytes
     from pg_attribute where attrelid = $1::regclass and attnum > 0 and not attisdropped`,
    [table],
  )
  const [{ columns, bytes } = { columns: '', bytes: '0' }] = rows
  return { columns, bytes: Number(bytes) }
}

/** Tells the progress of the bytes that pass; the size on disk is only about what is sent. */
function counted(task: Task, bytesTotal: number): Transform {
  let bytes = 0
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length
      task.advance(Math.min(bytes, bytesTotal))
      done(null, chunk)
    },
  })
}

/** New rows go behind the copied ones. */
const continueOrdinals = (table: string) =>
  `select setval(pg_get_serial_sequence('${table}', 'ordinal'), coalesce(max(ordinal), 0) + 1, false) from ${table}`
