import type pg from 'pg'
import type { LoadConnections } from './load-connections.ts'
import type { Progress } from './progress.ts'
import { sqlText } from './sql.ts'
import { keyStatements } from './table-keys.ts'

/** Products a statement: enough to make its start cheap, few enough that the last range does not keep a core idle. */
const rangeProducts = 8192

/** What the documents of each kind are made of. */
const documentKinds = [
  { kind: 'product', tables: ['product', 'feature'] },
  { kind: 'related', tables: ['related'] },
  { kind: 'styles', tables: ['style', 'photo', 'sku'] },
] as const

interface Range {
  from: number
  /** The first id of the next range; none for the last. */
  to: number | null
}

/**
 * Fills the document tables from their views, a range of product ids at a time on every connection, and builds their
 * keys. Each kind begins as soon as the tables that it is made of are `ready`.
 */
export async function makeDocuments(
  connections: LoadConnections,
  ready: ReadonlyMap<string, Promise<void>>,
  progress: Progress,
): Promise<void> {
  await ready.get('product')
  const ranges = await connections.run('documents', productRanges)
  const task = progress.begin('documents', documentKinds.length * ranges.length, 'steps')
  let done = 0
  await Promise.all(
    documentKinds.map(async ({ kind, tables }) => {
      for (const table of tables) await ready.get(table)
      await Promise.all(
        ranges.map(async (range) => {
          await connections.run('documents', (client) => fillRange(client, kind, range))
          task.advance(++done)
        }),
      )
      await connections.run('document keys', (client) => buildKeys(client, `${kind}_document`))
    }),
  )
  task.end()
}

async function productRanges(client: pg.ClientBase): Promise<Range[]> {
  await client.query(sqlText('list-anchors'))
  const { rows } = await client.query<{ id: number }>(
    'select product_id as id from list_anchor where position % $1 = 0 order by position',
    [rangeProducts],
  )
  return rows.map(({ id }, index) => ({ from: id, to: rows[index + 1]?.id ?? null }))
}

async function fillRange(client: pg.ClientBase, kind: string, { from, to }: Range): Promise<void> {
  const ids = `product_id >= ${from}` + (to === null ? '' : ` and product_id < ${to}`)
  await client.query(`insert into ${kind}_document select * from ${kind}_source where ${ids}`)
}

async function buildKeys(client: pg.ClientBase, table: string): Promise<void> {
  for (const statement of keyStatements('document-keys', table)) await client.query(statement)
}
