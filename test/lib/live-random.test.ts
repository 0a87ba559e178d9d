import { setTimeout as sleep } from 'node:timers/promises'
import * as fc from 'fast-check'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseMetrics } from './parse-metrics.ts'
import { type Replicated, startReplicated } from './replicated.ts'
import { openTestService, type TestService } from './service.ts'
import { wholeProducts } from './whole-products.ts'

const productsMax = 40
const writersMax = 3
const writeMs = 6000
/** A change must be seen within a second. */
const seenMsMax = 1000

let databases: Replicated

beforeAll(async () => {
  databases = await startReplicated(wholeProducts(productsMax))
})
afterAll(() => databases.drop())

const id = fc.integer({ min: 2, max: productsMax + 10 })
const writes = fc.oneof(
  id.map((n) => `update catalog.sku set quantity = quantity + 1 where id = ${n}`),
  id.map(
    (n) => `update catalog.sku set quantity = quantity + 1 where id between ${n} and ${n + 9}`,
  ),
  id.map((n) => `update catalog.product set default_price = default_price + 1 where id = ${n}`),
  id.map((n) => `update catalog.feature set value = value || '.' where product_id = ${n}`),
  id.map((n) => `delete from catalog.product where id = ${n}`),
  id.map((n) => `insert into catalog.product values (${n}, 'N', 'S', 'D', 'C', 1)`),
  id.map((n) => `insert into catalog.style values (${n}, ${n}, 'N', null, 1, false)`),
  fc.tuple(id, id).map(([a, b]) => `insert into catalog.related values (${a + 500}, ${a}, ${b})`),
  id.map(
    (n) => `begin; update catalog.style set name = 'T' where id = ${n}; select pg_sleep(0.2);
    update catalog.product set name = 'T' where id = ${n}; commit`,
  ),
)

const paths = [
  ...Array.from({ length: productsMax + 10 }, (_, index) =>
    ['', '/styles', '/related'].map((suffix) => `/products/${index + 1}${suffix}`),
  ).flat(),
  ...[3, 7, 50].flatMap((count) =>
    [1, 2, 3, 4, 9, 30].map((page) => `/products?page=${page}&count=${count}`),
  ),
]

let isOver = false
const whileOpen = async (work: () => Promise<unknown>) => {
  while (!isOver) {
    await work()
    // Hits alone take no turn of the event loop.
    await sleep(5)
  }
}

/** Statements of its own, one after the other; what other writers made impossible leaves no trace. */
const write = async (statements: readonly string[]) => {
  const client = new Client(databases.primaryUrl)
  await client.connect()
  let next = 0
  await whileOpen(async () => {
    await client.query(statements[next % statements.length] ?? '').catch(async () => {
      await client.query('rollback')
    })
    next += 1
    await sleep(20)
  })
  await client.end()
  return next
}

/** Counts a SKU up and gives when each count was committed. */
const countUp = async (): Promise<number[]> => {
  const committedAt: number[] = []
  const client = new Client(databases.primaryUrl)
  await client.connect()
  await client.query('update catalog.sku set quantity = 0 where id = 1')
  await whileOpen(async () => {
    await client.query('update catalog.sku set quantity = quantity + 1 where id = 1')
    committedAt.push(performance.now())
    await sleep(30)
  })
  await client.end()
  return committedAt
}

/** Reads the count again and again and gives what it was when. */
const readCount = async (service: TestService) => {
  const seen: { at: number; count: number }[] = []
  await whileOpen(async () => {
    const at = performance.now()
    const response = await service.app.request('/products/1/styles')
    seen.push({ at, count: Number(/"quantity":(\d+)/.exec(await response.text())?.[1]) })
    await sleep(10)
  })
  return seen
}

const readAll = (service: TestService) =>
  Promise.all(
    paths.map(async (path) => {
      const response = await service.app.request(path)
      return [path, response.status, await response.text()] as const
    }),
  )

const lag = async () => {
  await databases.pause()
  await sleep(100 + Math.random() * 1200)
  await databases.resume()
  await sleep(Math.random() * 500)
}

const total = (service: TestService, wanted: string) =>
  parseMetrics(service.services.metrics.text())
    .filter(({ name }) => name === wanted)
    .reduce((sum, { value }) => sum + value, 0)

describe('random writers, while the replica stops and goes on', () => {
  it('leave no reply in the cache that the database does not give, and none is older than a second', async () => {
    const service = await openTestService(databases.primaryUrl, {
      REPLICA_URLS: databases.replicaUrl,
      READ_BATCH_IDS_MAX: '4',
    })
    const statements = fc.sample(writes, 400)
    const writing = Array.from({ length: writersMax }, (_, index) =>
      write(statements.filter((_each, turn) => turn % writersMax === index)),
    )
    const counting = countUp()
    await sleep(100)
    const others = [whileOpen(() => readAll(service)), whileOpen(lag)]
    const counts = readCount(service)
    await sleep(writeMs)
    isOver = true
    const committedAt = await counting
    const written = await Promise.all([...writing, ...others])
    await expect.poll(() => total(service, 'product_overview_database_missing_changes')).toBe(0)
    await sleep(seenMsMax)

    const truth = await openTestService(databases.primaryUrl, { REPLY_CACHE_BYTES_MAX: '0' })
    // How long ago the next count was committed.
    const lateMs = (await counts).map(({ at, count }) => at - (committedAt[count] ?? at))
    expect(await readAll(service)).toEqual(await readAll(truth))
    expect(Math.max(...lateMs)).toBeLessThan(seenMsMax)
    expect(Number(written[0])).toBeGreaterThan(20)
    expect(total(service, 'product_overview_replies_dropped_total')).toBeGreaterThan(100)
    expect(service.services.replies.entries()).toBeGreaterThan(50)
    await service.services.close()
    await truth.services.close()
  })
})
