import { describe, expect, it } from 'vitest'
import { createCatalogueDatabase, importLines } from './catalogue.ts'
import { parseMetrics } from './parse-metrics.ts'
import { useLiveService } from './live-service.ts'
import { openTestService, type TestService } from './service.ts'
import { wholeProducts } from './whole-products.ts'

const productsMax = 23
/** A change must be seen within a second. */
const seenMsMax = 1000

const { service, databaseUrl, write } = useLiveService(wholeProducts(productsMax))

const changesSeen = () =>
  parseMetrics(service().services.metrics.text()).find(
    ({ name }) => name === 'product_overview_changes_total',
  )?.value

describe('a streamed page', () => {
  const large = '/products?count=400'
  const tagOf = async ({ app }: TestService) => {
    const response = await app.request(large, { method: 'HEAD' })
    return response.headers.get('etag') ?? ''
  }
  const statusOf = async (etag: string) => {
    const response = await service().app.request(large, { headers: { 'if-none-match': etag } })
    await response.body?.cancel()
    return response.status
  }

  it('is another one with each change of the list, and only then', async () => {
    const first = await tagOf(service())
    await write('update catalog.sku set quantity = 5 where id = 3')
    await expect.poll(changesSeen, { timeout: seenMsMax }).toBe(1)
    expect(await statusOf(first)).toBe(304)

    await write("update catalog.product set name = 'Other' where id = 3")
    await expect.poll(() => statusOf(first), { timeout: seenMsMax }).toBe(200)
    const second = await tagOf(service())
    await write('delete from catalog.product where id = 3')
    await expect.poll(() => statusOf(second), { timeout: seenMsMax }).toBe(200)
    const { headers, body } = await service().app.request(large)
    await body?.cancel()

    expect(headers.get('etag')).toBe(await tagOf(service()))
  })

  it('has one tag in every process, whenever it began and whatever was pruned since', async () => {
    const changeAll = 'update catalog.product set default_price = default_price + 1'
    await write(changeAll)
    await write(changeAll)
    await expect.poll(changesSeen).toBe(2)
    const second = await openTestService(databaseUrl())
    await write(
      `insert into catalog.change_horizon
       select now() - interval '11 minutes', max(xid::text)::xid8 from catalog.change`,
    )
    await write('select release_1.prune_changes()')
    const third = await openTestService(databaseUrl())

    const tags = await Promise.all([service(), second, third].map(tagOf))
    const { rows } = await write('select release, changes from catalog.change_total')
    const left = await write('select from catalog.change')

    expect(new Set(tags).size).toBe(1)
    expect(rows).toEqual([{ release: 1, changes: '1' }])
    expect(left.rowCount).toBe(1)
    await second.services.close()
    await third.services.close()
  })

  it('has another tag in a catalogue that is made anew, though its releases are counted from 1 again', async () => {
    const anew = await createCatalogueDatabase(wholeProducts(productsMax - 1))
    const other = await openTestService(anew.url)

    expect(other.services.follower.release()).toBe(service().services.follower.release())
    expect(await tagOf(other)).not.toBe(await tagOf(service()))
    await other.services.close()
    await anew.drop()
  })

  it('counts from the beginning in another release', async () => {
    await write('update catalog.product set default_price = default_price + 1')
    await expect.poll(changesSeen).toBe(1)
    await importLines(databaseUrl(), wholeProducts(productsMax))
    await expect.poll(() => service().services.follower.release()).toBe(2)

    const fresh = await openTestService(databaseUrl())

    expect(await tagOf(service())).toBe(await tagOf(fresh))
    await fresh.services.close()
  })
})
