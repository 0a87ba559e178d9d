import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type DocumentName, documentsText } from '../../lib/catalog.ts'
import { readConfig } from '../../lib/config.ts'
import { type Database, openDatabase } from '../../lib/database.ts'
import { pagesText } from '../../lib/list-page.ts'
import { pollQuery } from '../../lib/poll.ts'
import type { TestDatabase } from '../database.ts'
import { createCatalogueDatabase, manyProducts } from './catalogue.ts'

const productsMax = 5000

let testDatabase: TestDatabase
let database: Database

beforeAll(async () => {
  testDatabase = await createCatalogueDatabase(manyProducts(productsMax))
  database = openDatabase(testDatabase.url, readConfig({ DATABASE_URL: testDatabase.url }))
})
afterAll(async () => {
  await database.close()
  await testDatabase.drop()
})

/** The plan that a reader's session runs once the statement is prepared. */
const planOf = async (text: string, types: string, values: string): Promise<string> => {
  const client = await database.reads.connect()
  try {
    await client.query(`prepare asked (${types}) as ${text}`)
    const { rows } = await client.query<{ 'QUERY PLAN': string }>(
      `explain (analyze, costs off, timing off, summary off) execute asked (${values})`,
    )
    await client.query('deallocate asked')
    return rows.map((row) => row['QUERY PLAN']).join('\n')
  } finally {
    client.release()
  }
}

/** How many products were walked through for each page, on average, and for how many pages. */
const walkedIn = (plan: string) => {
  const [, rows, loops] =
    /product_document_pkey on product_document \(actual rows=([\d.]+) loops=(\d+)/.exec(plan) ?? []
  return { rows: Number(rows), loops: Number(loops) }
}

describe('the plan of a read', () => {
  it.each(['product', 'styles', 'related'] satisfies DocumentName[])(
    'of %s documents looks ids up in the primary key',
    async (name) => {
      const plan = await planOf(documentsText(name, 1), 'int[]', `'{1,2,3,4000}'`)

      expect(plan).toMatch(/Index Scan (using|on) \w+_document_pkey/)
      expect(plan).not.toMatch(/Seq Scan|Sort|Hash/)
    },
  )

  it.each([0, 2500, 4995, 10 ** 12])(
    'of a page that starts after %i products walks the index from its anchor',
    async (start) => {
      const plan = await planOf(pagesText(1), 'bigint[], bigint[]', `'{${start}}', '{5}'`)

      expect(plan).toMatch(/Index (Only )?Scan Backward using list_anchor_\w+/)
      expect(plan).toContain('Index Scan using product_document_pkey')
      expect(plan).not.toMatch(/Seq Scan|Sort|Hash/)
      expect(walkedIn(plan).rows).toBeLessThanOrEqual(63 + 5)
    },
  )

  it('of several pages in one statement walks for each from its own anchor', async () => {
    const plan = await planOf(
      pagesText(1),
      'bigint[], bigint[]',
      `'{0,100,2500,4995}', '{5,20,7,5}'`,
    )

    // What stands between the anchor, one of each 64 products, and the page, and the page itself.
    const rows = (0 + 5 + (36 + 20) + (4 + 7) + (3 + 5)) / 4
    expect(walkedIn(plan)).toEqual({ rows, loops: 4 })
    expect(plan).not.toMatch(/Seq Scan|Sort|Hash/)
  })

  it.each([
    ["'100', '{}', 1, null", /Index Scan (using|on) change_xid/],
    ['null, null, null, null', /Index Only Scan using change_listed/],
  ])('of what is new since %s looks changes up in an index', async (values, index) => {
    const plan = await planOf(pollQuery(database).text, 'text, text, int, text', values)

    expect(plan).toMatch(index)
    expect(plan).not.toMatch(/Seq Scan on (change|publication)\b/)
  })
})
