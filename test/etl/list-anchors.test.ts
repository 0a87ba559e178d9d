import { join } from 'node:path'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { importCatalogue } from '../../etl/import.ts'
import { pagesText, pagesValues } from '../../lib/list-page.ts'
import { createDatabase, type TestDatabase } from '../database.ts'
import { catalogueFolder } from './catalogue-folder.ts'

/** No page skips more rows than that, wherever it begins. */
const rowsSkippedMax = 128

let database: TestDatabase
let client: Client
let release: number

beforeAll(async () => {
  database = await createDatabase()
  const ids = Array.from({ length: 300 }, (_, index) => 1000 + index * 1000)
  const dir = await catalogueFolder({
    'product.csv': ids.map((id) => `${id},"Hat","s","d","c",10`),
  })
  const summary = await importCatalogue({
    databaseUrl: database.url,
    dir,
    rejectsDir: join(dir, 'rejects'),
  })
  release = summary.release
  client = new Client({ connectionString: database.url })
  await client.connect()
})

afterAll(async () => {
  await client.end()
  await database.drop()
})

async function pageOf(page: number, count: number): Promise<number[]> {
  const { rows } = await client.query<{ product_id: number }>(
    pagesText(release),
    pagesValues([{ page, count }]),
  )
  return rows.map((row) => row.product_id)
}

async function allIds(): Promise<number[]> {
  const { rows } = await client.query<{ id: number }>('select id from catalog.product order by id')
  return rows.map(({ id }) => id)
}

async function insert(ids: string): Promise<void> {
  await client.query(
    `insert into catalog.product (id, name, slogan, description, category, default_price)
     select id, 'Cap', 's', 'd', 'c', 10 from ${ids} as id`,
  )
}

async function widestGap(): Promise<number> {
  const { rows } = await client.query<{ gap: string }>(
    `select max(gap) as gap from (
       select lead(position, 1, (select count(*) from release_${release}.product)::int)
         over (order by position) - position as gap
       from release_${release}.list_anchor
     ) as gaps`,
  )
  return Number(rows[0]?.gap)
}

describe('the list', () => {
  it('begins with a product that was added before the first one', async () => {
    await insert('unnest(array[3])')

    const [first] = await pageOf(1, 5)
    expect(first).toBe(3)
    expect(await pageOf(1, 10_000)).toEqual(await allIds())
  })

  it('begins with what is left when its first products were removed', async () => {
    await client.query('delete from catalog.product where id < 70000')

    expect(await pageOf(1, 10_000)).toEqual(await allIds())
    expect(await pageOf(3, 7)).toEqual((await allIds()).slice(14, 21))
  })

  it('keeps its anchors near each other however many products come between two of them', async () => {
    for (let from = 150_001; from < 150_901; from += 90) {
      await insert(`generate_series(${from}, ${from + 89})`)
    }

    expect(await widestGap()).toBeLessThanOrEqual(rowsSkippedMax)
    expect(await pageOf(1, 10_000)).toEqual(await allIds())
    expect(await pageOf(80, 10)).toEqual((await allIds()).slice(790, 800))
  })

  it('has its anchors anew after a statement that added many', async () => {
    await insert('generate_series(10, 900)')

    expect(await widestGap()).toBeLessThanOrEqual(rowsSkippedMax)
    expect(await pageOf(1, 10_000)).toEqual(await allIds())
  })

  it('is empty when all products are gone, and begins again with the next one', async () => {
    await client.query('delete from catalog.product')
    const empty = await pageOf(1, 5)
    await insert('unnest(array[5])')
    await insert('unnest(array[2])')

    expect(empty).toEqual([])
    expect(await pageOf(1, 5)).toEqual([2, 5])
  })
})
