import type pg from 'pg'
import type { LoadConnections } from './load-connections.ts'
import type { Progress } from './progress.ts'
import { sqlStatements, sqlText } from './sql.ts'
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

interface DocumentWork {
  readonly connections: LoadConnections
  /** The tables by name, each settled when it has its rows and keys. */
  readonly ready: ReadonlyMap<string, Promise<void>>
  readonly progress: Progress
  /** Whether no string of a table that is ready needs an escape in JSON. */
  readonly isEscapeFree: (table: string) => boolean
}

/**
 * Fills the document tables from their views, a range of product ids at a time on every connection, and builds their
 * keys. Each kind begins as soon as the tables that it is made of are `ready`.
 */
export async function makeDocuments(work: DocumentWork): Promise<void> {
  const { connections, ready, progress } = work
  await ready.get('product')
  const ranges = await connections.run('documents', productRanges)
  const task = progress.begin('documents', documentKinds.length * ranges.length, 'steps')
  let done = 0
  await Promise.all(
    documentKinds.map(async ({ kind, tables }) => {
      for (const table of tables) await ready.get(table)
      const source = kind === 'styles' ? stylesSource(work) : `${kind}_source`
      await Promise.all(
        ranges.map(async (range) => {
          const fill = `insert into ${kind}_document select * from ${source} where ${inRange(range)}`
          await connections.run('documents', (client) => client.query(fill))
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

const inRange = ({ from, to }: Range) =>
  `product_id >= ${from}` + (to === null ? '' : ` and product_id < ${to}`)

/**
 * What to fill the styles documents from: their view, or, where no url and no size needs an escape, a query of the same text
 * that puts quotes around them instead of calling `to_json`, in three quarters of the time.
 */
function stylesSource({ isEscapeFree }: DocumentWork): string {
  if (!isEscapeFree('photo') || !isEscapeFree('sku')) return 'styles_source'
  const view = sqlStatements('documents').find((text) => text.startsWith(stylesView))
  if (view === undefined) throw new Error(`documents.sql: expected ${stylesView}`)
  const query = view.slice(stylesView.length).replace(photoOrSkuString, `'"' || $1 || '"'`)
  return `(${query}) as styles_source`
}

const stylesView = 'create view styles_source as'
/** In documents.sql h is a photo and k a sku. */
const photoOrSkuString = /to_json\(([hk]\.\w+)\)/g

async function buildKeys(client: pg.ClientBase, table: string): Promise<void> {
  for (const statement of keyStatements('document-keys', table)) await client.query(statement)
}
