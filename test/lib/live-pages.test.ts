import { Client } from 'pg'
import { beforeEach, describe, expect, it } from 'vitest'
import { createDatabase, type TestDatabase } from '../database.ts'
import { importLines } from './catalogue.ts'
import { parseMetrics } from './parse-metrics.ts'
import { openTestService, type TestService } from './service.ts'
import { wholeProducts } from './whole-products.ts'

const productsMax = 23
/** A change must be seen within a second. */
const seenMsMax = 1000

let database: TestDatabase
let writer: Client
let service: TestService

beforeEach(async () => {
  database = await createDatabase()
  await importLines(database.url, wholeProducts(productsMax))
  writer = new Client(database.url)
  await writer.connect()
  service = await openTestService(database.url)
  return async () => {
    await service.services.close()
    await writer.end()
    await database.drop()
  }
})

const changesSeen = () =>
  parseMetrics(service.services.metrics.text()).find(
    ({ name }) => name === 'product_overview_changes_total',
  )?.value

describe('a streamed page', () => {
  const large = '/products?count=400'
  const tagOf = async ({ app }: TestService) => {
    const response = await app.request(large, { method: 'HEAD' })
    return response.headers.get('etag') ?? ''
  }
  const statusOf = async (etag: string) => {
    const response = await service.app.request(large, { headers: { 'if-none-match': etag } })
    await response.body?.cancel()
    return response.status
  }

  it('is another one with each change of the list, and only then', async () => {
    const first = await tagOf(service)
    await writer.query('update catalog.sku set quantity = 5 where id = 3')
    await expect.poll(changesSeen, { timeout: seenMsMax }).toBe(1)
    expect(await statusOf(first)).toBe(304)

    await writer.query("update catalog.product set name = 'Other' where id = 3")
    await expect.poll(() => statusOf(first), { timeout: seenMsMax }).toBe(200)
    const second = await tagOf(service)
    await writer.query('delete from catalog.product where id = 3')
    await expect.poll(() => statusOf(second), { timeout: seenMsMax }).toBe(200)
    const { headers, body } = await service.app.request(large)
    await body?.cancel()

    expect(headers.get('etag')).toBe(await tagOf(service))
  })

  it('has one tag in every process, whenever it began and whatever was pruned since', async () => {
    const changeAll = 'update catalog.product set default_price = default_price + 1'
    await writer.query(changeAll)
    await writer.query(changeAll)
    await expect.poll(changesSeen).toBe(2)
    const second = await openTestService(database.url)
    await writer.query(
      `insert into catalog.change_horizon
       select now() - interval '11 minutes', max(xid::text)::xid8 from catalog.change`,
    )
    await writer.query('select release_1.prune_changes()')
    const third = await openTestService(database.url)

    const tags = await Promise.all([service, second, third].map(tagOf))
    const { rows } = await writer.query('select release, changes from catalog.change_total')
    const left = await writer.query('select from catalog.change')

    expect(new Set(tags).size).toBe(1)
    expect(rows).toEqual([{ release: 1, changes: '1' }])
    expect(left.rowCount).toBe(1)
    await second.services.close()
    await third.services.close()
  })

  it('has another tag in a catalogue that is made anew, though its releases are counted from 1 again', async () => {
    const anew = await createDatabase()
    await importLines(anew.url, wholeProducts(productsMax - 1))
    const other = await openTestService(anew.url)

    expect(other.services.follower.release()).toBe(service.services.follower.release())
    expect(await tagOf(other)).not.toBe(await tagOf(service))
    await other.services.close()
    await anew.drop()
  })

  it('counts from the beginning in another release', async () => {
    await writer.query('update catalog.product set default_price = default_price + 1')
    await expect.poll(changesSeen).toBe(1)
    await importLines(database.url, wholeProducts(productsMax))
    await expect.poll(() => service.services.follower.release()).toBe(2)

    const fresh = await openTestService(database.url)

    expect(await tagOf(service)).toBe(await tagOf(fresh))
    await fresh.services.close()
  })
})
