import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createCatalogueDatabase } from './catalogue.ts'
import type { TestDatabase } from '../database.ts'
import { openTestService, type TestService } from './service.ts'
import { wholeProducts } from './whole-products.ts'

let database: TestDatabase
let writer: Client
let service: TestService

beforeAll(async () => {
  database = await createCatalogueDatabase(wholeProducts(9))
  writer = new Client(database.url)
  await writer.connect()
  // As pg_dump writes it: with the numbers of transactions that this server will not come to for long.
  await writer.query(
    `insert into catalog.change (xid, release, product_ids, parts)
       select '9000000000', 1, array[3], '{styles}' from generate_series(1, 50);
     insert into catalog.change_horizon values (now() - interval '1 hour', '9000000001')`,
  )
  service = await openTestService(database.url)
})
afterAll(async () => {
  await service.services.close()
  await writer.end()
  await database.drop()
})

const bodyOf = async (path: string) => (await service.app.request(path)).text()
const isCached = (path: string) => service.services.replies.fresh(path) !== undefined

describe('a change log that was restored from a dump of another server', () => {
  it('is passed over, and new changes are followed as ever', async () => {
    await bodyOf('/products/3/styles')
    for (const quantity of [1, 2, 3]) {
      await bodyOf('/products/7/styles')
      await writer.query('update catalog.sku set quantity = $1 where id = 7', [quantity])
      await writer.query('select release_1.prune_changes()')

      await expect.poll(() => isCached('/products/7/styles'), { interval: 10 }).toBe(false)
      expect(isCached('/products/3/styles')).toBe(true)
      expect(await bodyOf('/products/7/styles')).toContain(`"quantity":${quantity},`)
    }
    const left = await writer.query('select from catalog.change')

    expect(left.rowCount).toBe(53)
  })
})
