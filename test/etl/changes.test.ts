import { join } from 'node:path'
import * as fc from 'fast-check'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { importCatalogue } from '../../etl/import.ts'
import { dropRelease } from '../../etl/publish.ts'
import { createDatabase, type TestDatabase } from '../database.ts'
import { catalogueFolder, smallRows } from './catalogue-folder.ts'

const products = 200

let database: TestDatabase
let client: Client
let release: string

beforeAll(async () => {
  database = await createDatabase()
  const dir = await catalogueFolder(smallRows(products))
  const summary = await importCatalogue({
    databaseUrl: database.url,
    dir,
    rejectsDir: join(dir, 'rejects'),
  })
  release = `release_${summary.release}`
  client = await connect()
})

afterAll(async () => {
  await client.end()
  await database.drop()
})

async function connect(): Promise<Client> {
  const connected = new Client({ connectionString: database.url })
  await connected.connect()
  return connected
}

/** Documents that are not what their tables say, and anchors that count wrong: none, at any time. */
async function untruths(): Promise<unknown[]> {
  const { rows } = await client
    .query(`
    set search_path = ${release};
    select 'product' as document, product_id from (table product_source except table product_document) as wrong
    union all select 'product', product_id from (table product_document except table product_source) as wrong
    union all select 'styles', product_id from (table styles_source except table styles_document) as wrong
    union all select 'styles', product_id from (table styles_document except table styles_source) as wrong
    union all select 'related', product_id from (table related_source except table related_document) as wrong
    union all select 'related', product_id from (table related_document except table related_source) as wrong
    union all select 'anchor', product_id from list_anchor a
      where position <> (select count(*) from product p where p.id < a.product_id)`)
    .then((results) => (Array.isArray(results) ? results[1] : results) as { rows: unknown[] })
  return rows
}

async function changesOf(work: string): Promise<{ product_ids: number[]; parts: string[] }[]> {
  const { rows: before } = await client.query<{ id: string }>(
    'select coalesce(max(id), 0) as id from catalog.change',
  )
  await client.query(work)
  const { rows } = await client.query<{ product_ids: number[]; parts: string[] }>(
    'select product_ids, parts from catalog.change where id > $1 order by id',
    [before[0]?.id],
  )
  return rows.map(({ product_ids, parts }) => ({
    product_ids: product_ids.toSorted((a, b) => a - b),
    parts,
  }))
}

describe('a change through the views', () => {
  it.each([
    ['update catalog.sku set quantity = 0 where id = 5', [5], ['styles']],
    ["update catalog.photo set url = 'https://new' where id = 6", [6], ['styles']],
    ['update catalog.style set sale_price = 3 where id in (7, 8)', [7, 8], ['styles']],
    ["insert into catalog.feature values (1000, 9, 'Zip', null)", [9], ['product']],
    ['delete from catalog.related where id = 10', [10], ['related']],
    ["update catalog.product set name = 'Hat' where id = 11", [11], ['product', 'listed']],
  ])('%s notes the products and answers touched', async (statement, ids, parts) => {
    expect(await changesOf(statement)).toEqual([{ product_ids: ids, parts }])

    expect(await untruths()).toEqual([])
  })

  it('of no row notes nothing', async () => {
    expect(await changesOf('update catalog.sku set quantity = 0 where id = -1')).toEqual([])
  })

  it('that is rolled back notes nothing and changes nothing', async () => {
    expect(await changesOf('begin; delete from catalog.product where id = 20; rollback')).toEqual(
      [],
    )

    expect(await untruths()).toEqual([])
  })

  it('of many rows is one note', async () => {
    const changes = await changesOf('update catalog.sku set quantity = quantity + 1')

    expect(changes).toHaveLength(1)
    expect(changes[0]?.product_ids).toHaveLength(products)
  })

  it('removes a product with all that hangs on it', async () => {
    const changes = await changesOf('delete from catalog.product where id = 30')

    expect(changes).toContainEqual({
      product_ids: [30],
      parts: ['product', 'styles', 'related', 'moved'],
    })
    const related = changes.filter(({ parts }) => parts.includes('related'))
    expect(related.flatMap(({ product_ids }) => product_ids)).toContain(31)
    expect(await untruths()).toEqual([])
  })

  it('refuses a child without its parent', async () => {
    await expect(
      client.query("insert into catalog.style values (999, 99999, 'x', null, 1, true)"),
    ).rejects.toThrow(/foreign key/)
  })
})

describe('any changes', () => {
  it('by writers at the same time leave every document and anchor true', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(writes, { minLength: 1, maxLength: 12 }), async (statements) => {
        const writers = await Promise.all([connect(), connect(), connect()])
        await Promise.all(
          writers.map((writer, index) =>
            writeAll(
              writer,
              statements.filter((_, turn) => turn % writers.length === index),
            ),
          ),
        )
        await Promise.all(writers.map((writer) => writer.end()))

        expect(await untruths()).toEqual([])
      }),
      { numRuns: 25 },
    )
  })
})

describe('the change log', () => {
  const changesOfRelease = async () => {
    const { rows } = await client.query<{ changes: number; pruned: number }>(
      `select (select count(*)::int from catalog.change where release = 1) as changes,
              (select coalesce(sum(changes), 0)::int from catalog.change_total where release = 1) as pruned`,
    )
    return rows[0]
  }

  it('loses what everybody could see for ten minutes, and how much of that concerned lists is kept', async () => {
    const changeTwo = [
      'update catalog.product set default_price = 5',
      'update catalog.sku set quantity = 5',
    ]
    await client.query('truncate catalog.change')
    for (const statement of changeTwo) await client.query(statement)
    await client.query(
      "insert into catalog.change_horizon values (now() - interval '11 minutes', pg_current_xact_id())",
    )
    for (const statement of changeTwo) await client.query(statement)

    await client.query(`select ${release}.prune_changes()`)

    expect(await changesOfRelease()).toEqual({ changes: 2, pruned: 1 })
  })

  it('loses those of a release that is dropped', async () => {
    const dir = await catalogueFolder(smallRows(products))
    await importCatalogue({ databaseUrl: database.url, dir, rejectsDir: join(dir, 'rejects') })

    await dropRelease(client, 1)

    expect(await changesOfRelease()).toEqual({ changes: 0, pruned: 0 })
  })
})

/** One after the other; what another writer made impossible is refused by the database and leaves no trace. */
async function writeAll(writer: Client, statements: string[]): Promise<void> {
  for (const statement of statements) await writer.query(statement).catch(() => {})
}

const id = fc.integer({ min: 1, max: products + 50 })
const writes = fc.oneof(
  id.map((n) => `update catalog.sku set quantity = quantity + 1 where style_id = ${n}`),
  id.map(
    (n) => `update catalog.sku set quantity = quantity + 1 where id between ${n} and ${n + 40}`,
  ),
  id.map((n) => `update catalog.product set default_price = default_price + 1 where id = ${n}`),
  id.map((n) => `delete from catalog.product where id = ${n}`),
  id.map((n) => `delete from catalog.product where id between ${n} and ${n + 3}`),
  id.map((n) => `insert into catalog.product values (${n}, 'N', 'S', 'D', 'C', 1)`),
  id.map((n) => `insert into catalog.style values (${n}, ${n}, 'N', null, 1, false)`),
  id.map((n) => `insert into catalog.sku values (${n + 500}, ${n}, 'L', 1)`),
  fc
    .tuple(id, id)
    .map(([a, b]) => `update catalog.photo set style_id = ${b} where style_id = ${a}`),
  fc.tuple(id, id).map(([a, b]) => `insert into catalog.related values (${a + 500}, ${a}, ${b})`),
  fc.tuple(id, id).map(
    ([a, b]) => `begin; update catalog.feature set value = 'x' where product_id = ${a};
      delete from catalog.style where product_id = ${b}; commit`,
  ),
)
