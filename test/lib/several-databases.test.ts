import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createDatabase, type TestDatabase } from '../database.ts'
import { createCatalogueDatabase, importLines, manyProducts } from './catalogue.ts'
import { openTestService } from './service.ts'

const seenMsMax = 5_000
const nowhere = 'postgres://nobody@127.0.0.1:1/nowhere'

let primary: TestDatabase
let replica: TestDatabase

/** Two databases that hold the same release, as a primary and its replica do. */
beforeAll(async () => {
  primary = await createCatalogueDatabase(manyProducts(500))
  replica = await createCatalogueDatabase(manyProducts(500))
})
afterAll(async () => {
  await primary.drop()
  await replica.drop()
})

/** How many sessions of a database have read products. */
const readers = async ({ url }: TestDatabase): Promise<number> => {
  const client = new Client(url)
  await client.connect()
  const { rows } = await client.query<{ count: number }>(
    `select count(*)::int as count from pg_stat_activity
     where datname = current_database() and application_name = 'product-overview' and query like '%product_document%'`,
  )
  await client.end()
  return rows[0]?.count ?? 0
}

/** Lets the reads of single products wait until it is ended. */
const lockProducts = async ({ url }: TestDatabase): Promise<Client> => {
  const client = new Client(url)
  await client.connect()
  await client.query('begin; lock table release_1.product_document in access exclusive mode')
  return client
}

describe('with a primary and a replica', () => {
  it('reads go to both', async () => {
    const { app, services } = await openTestService(primary.url, {
      REPLICA_URLS: replica.url,
      READ_BATCH_IDS_MAX: '10',
    })

    let asked = 0
    const statuses = new Set<number>()
    const ask = async () => {
      const { status } = await app.request(`/products/${(asked++ % 500) + 1}`)
      statuses.add(status)
    }
    // A service is ready as soon as one database has answered, the other one may be a moment later.
    const readersOfBoth = async () => {
      await Promise.all(Array.from({ length: 90 }, ask))
      return Promise.all([readers(primary), readers(replica)])
    }

    await expect
      .poll(readersOfBoth, { timeout: seenMsMax })
      .toSatisfy((counts: number[]) => counts.every((count) => count > 0))
    expect(statuses).toEqual(new Set([200, 404]))
    await services.close()
  })

  it.each([
    ['the primary', { DATABASE_URL: nowhere, REPLICA_URLS: 'replica' }],
    ['the replica', { DATABASE_URL: 'primary', REPLICA_URLS: nowhere }],
  ])('nothing is lost when %s is not there', async (_, urls) => {
    const resolve = (url: string) => ({ primary: primary.url, replica: replica.url })[url] ?? url
    const { app, services } = await openTestService(resolve(urls.DATABASE_URL), {
      REPLICA_URLS: resolve(urls.REPLICA_URLS),
    })

    const statuses = await Promise.all(
      ['/products/1', '/products?page=2', '/products?count=400', '/readyz'].map(async (path) => {
        const response = await app.request(path)
        await response.text()
        return response.status
      }),
    )

    expect(statuses).toEqual([200, 200, 200, 200])
    await services.close()
  })

  it('a statement that times out on one is answered by the other', async () => {
    const { app, services } = await openTestService(primary.url, {
      REPLICA_URLS: replica.url,
      READ_DEADLINE_MS: '2000',
    })
    const ask = async (path: string) => (await app.request(path)).status
    const lock = await lockProducts(primary)

    const statuses = await Promise.all(['/products/301', '/products/302', '/products/303'].map(ask))
    const lockToo = await lockProducts(replica)
    const refused = await ask('/products/304')
    await Promise.all([lock.end(), lockToo.end()])

    expect(statuses).toEqual([200, 200, 200])
    expect(refused).toBe(503)
    await services.close()
  })

  it('one that has not seen the newest release is not read, unless the one that has stays away', async () => {
    const behind = await createDatabase()
    const ahead = await createDatabase()
    await importLines(behind.url, manyProducts(10))
    await importLines(ahead.url, manyProducts(10))
    await importLines(ahead.url, manyProducts(20))
    const { app, services } = await openTestService(behind.url, { REPLICA_URLS: ahead.url })
    const releaseOf = async (path: string) =>
      (await app.request(path)).headers.get('x-catalog-release')

    const releases = await Promise.all(
      Array.from({ length: 20 }, async (_, index) => releaseOf(`/products/${index + 1}`)),
    )
    const readersBehind = await readers(behind)
    await ahead.drop()

    expect(new Set(releases)).toEqual(new Set(['2']))
    expect(readersBehind).toBe(0)
    await expect.poll(() => releaseOf('/products/5'), { timeout: 8000 }).toBe('1')
    await services.close()
    await behind.drop()
  })
})
