import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseMetrics } from './parse-metrics.ts'
import { type Replicated, startReplicated } from './replicated.ts'
import { openTestService, type Settings, type TestService } from './service.ts'
import { wholeProducts } from './whole-products.ts'

const productsMax = 60
/** A change must be seen within a second. */
const seenMsMax = 1000
const recoveryMsMax = 5000

let databases: Replicated
let writer: Client
let quantity = 10_000

beforeAll(async () => {
  databases = await startReplicated(wholeProducts(productsMax))
  await connectWriter()
})
afterAll(async () => {
  await writer.end().catch(() => undefined)
  await databases.drop()
})

const connectWriter = async () => {
  writer = new Client(databases.primaryUrl)
  writer.on('error', () => undefined)
  await writer.connect()
  // Of the server's own choice a commit of the last half second would be lost with it.
  await writer.query('set synchronous_commit = local')
}

const open = (settings: Settings = {}) =>
  openTestService(databases.primaryUrl, {
    REPLICA_URLS: databases.replicaUrl,
    READ_BATCH_IDS_MAX: '1',
    ...settings,
  })

/** Gives every SKU a quantity that none had before. */
const changeAll = async (): Promise<number> => {
  quantity += 1
  await writer.query('update catalog.sku set quantity = $1', [quantity])
  return quantity
}

const paths = Array.from({ length: productsMax }, (_, index) => `/products/${index + 1}/styles`)

const quantityIn = (body: string) => Number(/"quantity":(\d+)/.exec(body)?.[1])

const readAll = ({ app }: TestService) =>
  Promise.all(
    paths.map(async (path) => {
      const response = await app.request(path)
      return { status: response.status, quantity: quantityIn(await response.text()) }
    }),
  )

const quantities = async (service: TestService) =>
  new Set((await readAll(service)).map((read) => read.quantity))

const cached = ({ services }: TestService) =>
  new Set(
    paths
      .map((path) => services.replies.fresh(path)?.identity.body.toString())
      .filter((body) => body !== undefined)
      .map(quantityIn),
  )

/** A gauge of the replica. */
const ofReplica = ({ services }: TestService, wanted: string) =>
  parseMetrics(services.metrics.text()).find(
    ({ name, labels }) =>
      name === `product_overview_database_${wanted}` &&
      labels['database'] === new URL(databases.replicaUrl).host + '/postgres',
  )?.value

const expectOfReplica = async (service: TestService, wanted: string, value: number) => {
  await expect
    .poll(() => ofReplica(service, wanted), { timeout: recoveryMsMax, interval: 10 })
    .toBe(value)
}

const expectSeen = async (service: TestService, value: number) => {
  await expect
    .poll(() => quantities(service), { timeout: seenMsMax, interval: 10 })
    .toEqual(new Set([value]))
}

describe('a replica that has not seen a change', () => {
  it('fills no place in the cache, though it is read', async () => {
    const service = await open({ REPLICA_LAG_MS: '60000' })
    const before = await changeAll()
    await expectSeen(service, before)
    await expectOfReplica(service, 'missing_changes', 0)
    service.services.replies.clear()
    await databases.pause()
    const after = await changeAll()
    await expectOfReplica(service, 'missing_changes', 1)

    const read = await quantities(service)
    const kept = cached(service)
    await databases.resume()

    expect(read).toEqual(new Set([before, after]))
    expect(kept).toEqual(new Set([after]))
    await expectOfReplica(service, 'missing_changes', 0)
    await expectSeen(service, after)
    expect(cached(service)).toEqual(new Set([after]))
    await service.services.close()
  })

  it('is not read when it has not for too long, and comes back', async () => {
    const service = await open({ REPLY_CACHE_BYTES_MAX: '0' })
    await databases.pause()
    const after = await changeAll()
    await expectSeen(service, after)
    await expectOfReplica(service, 'behind', 1)
    expect(service.services.follower.obstacle()).toBeUndefined()

    await databases.resume()

    await expectOfReplica(service, 'behind', 0)
    await expectSeen(service, after)
    await service.services.close()
  })

  it('is not read by a process that began after the change either', async () => {
    await databases.pause()
    const after = await changeAll()

    const service = await open()
    await expectOfReplica(service, 'behind', 1)
    const read = await quantities(service)
    const kept = cached(service)
    const missing = ofReplica(service, 'missing_changes')
    await databases.resume()

    expect(missing).toBe(10_000)
    expect([...read, ...kept]).toEqual([after, after])
    await expectOfReplica(service, 'behind', 0)
    await service.services.close()
  })

  it('is not read when it misses more than is told apart either, until it has all', async () => {
    const service = await open()
    await readAll(service)
    await databases.pause()
    await writer.query(
      `do $$ begin
         for n in 1..1500 loop update catalog.sku set quantity = n where id = 1; end loop;
       end $$`,
    )
    const after = await changeAll()
    await expectOfReplica(service, 'behind', 1)
    expect(ofReplica(service, 'missing_changes')).toBe(10_000)
    await expectSeen(service, after)

    await databases.resume()

    await expectOfReplica(service, 'behind', 0)
    await expectOfReplica(service, 'missing_changes', 0)
    await expectSeen(service, after)
    await service.services.close()
  })

  it('while a long transaction lasts, comes back before that has ended', async () => {
    const long = new Client(databases.primaryUrl)
    await long.connect()
    long.on('error', () => undefined)
    await long.query('begin; update catalog.feature set value = $$Long$$ where id = 1')
    await changeAll()
    await databases.pause()
    const service = await open()
    await changeAll()
    await expectOfReplica(service, 'behind', 1)

    await databases.resume()
    await expectOfReplica(service, 'behind', 0)
    await expectOfReplica(service, 'missing_changes', 0)
    const before = await (await service.app.request('/products/1')).text()
    await long.query('commit')

    expect(before).not.toContain('Long')
    await expect
      .poll(async () => (await service.app.request('/products/1')).text(), { timeout: seenMsMax })
      .toContain('Long')
    await long.end()
    await service.services.close()
  })
})

describe('when the primary is gone', () => {
  it('reads go on from a replica that lacks its last changes, and what comes after its return is seen', async () => {
    const service = await open()
    const before = await changeAll()
    await expectSeen(service, before)
    await databases.pause()
    const after = await changeAll()
    await expectOfReplica(service, 'behind', 1)

    await databases.killPrimary()
    service.services.replies.clear()

    await expect
      .poll(() => quantities(service), { timeout: recoveryMsMax })
      .toEqual(new Set([before]))
    await databases.startPrimary()
    await expect
      .poll(() => quantities(service), { timeout: recoveryMsMax })
      .toEqual(new Set([after]))
    await databases.resume()
    await connectWriter()
    await expectSeen(service, await changeAll())
    await service.services.close()
  })

  it('a replica that is promoted is followed, and no reply from before is kept', async () => {
    const service = await open()
    await expectSeen(service, await changeAll())
    await databases.killPrimary()

    await databases.promote()
    await expect.poll(() => service.services.replies.entries(), { timeout: recoveryMsMax }).toBe(0)
    await writer.end().catch(() => undefined)
    writer = new Client(databases.replicaUrl)
    await writer.connect()

    await expect
      .poll(() => service.services.follower.obstacle(), { timeout: recoveryMsMax })
      .toBeUndefined()
    await readAll(service)
    await expectSeen(service, await changeAll())
    await service.services.close()
  })
})
