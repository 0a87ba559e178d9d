import { pino } from 'pino'
import { Client } from 'pg'
import { beforeEach, describe, expect, it } from 'vitest'
import { type ChangeFollower, createChangeFollower } from '../../lib/change-follower.ts'
import type { Database } from '../../lib/database.ts'
import { readIdRanges, type Snapshot } from '../../lib/snapshot.ts'
import type { TestDatabase } from '../database.ts'
import { createCatalogueDatabase } from './catalogue.ts'
import { openTestService, type TestService } from './service.ts'
import { wholeProducts } from './whole-products.ts'

/** A change must be seen within a second. */
const seenMsMax = 1000

describe('a log that is cut while an import lasts', () => {
  let database: TestDatabase
  let service: TestService
  const clients: Client[] = []

  const connect = async () => {
    const client = new Client(database.url)
    await client.connect()
    clients.push(client)
    return client
  }
  beforeEach(async () => {
    database = await createCatalogueDatabase(wholeProducts(9))
    service = await openTestService(database.url)
    return async () => {
      await Promise.all(clients.splice(0).map((client) => client.end()))
      await service.services.close()
      await database.drop()
    }
  })

  const bodyOf = async (path: string) => (await service.app.request(path)).text()
  const isCached = (path: string) => service.services.replies.fresh(path) !== undefined
  /** Changes of product 3, `each` of them in a transaction. */
  const change = (writer: Client, times: number, each = 1) =>
    writer.query(
      `do $$ begin for i in 1..${times} loop
         insert into catalog.change (release, product_ids, parts)
         select 1, array[3], '{styles}' from generate_series(1, ${each});
         commit;
       end loop; end $$`,
    )
  /** Long enough for polls to see what there is and cut. */
  const settle = async (crowd: Client) => {
    for (let n = 0; n < 3; n += 1) {
      await bodyOf('/products/3/styles')
      await change(crowd, 1)
      await expect
        .poll(() => isCached('/products/3/styles'), { timeout: seenMsMax, interval: 10 })
        .toBe(false)
    }
  }

  it('shows what one of several long writers commits while the others go on', async () => {
    const [importer, one, other, crowd] = await Promise.all([
      connect(),
      connect(),
      connect(),
      connect(),
    ])
    await importer.query('begin; select pg_current_xact_id()')
    await one.query('begin; update catalog.sku set quantity = 777 where id = 7')
    await other.query('begin; update catalog.sku set quantity = 888 where id = 8')
    await change(crowd, 210, 100)
    await settle(crowd)

    for (const [writer, id, news] of [[one, 7, '777'] as const, [other, 8, '888'] as const]) {
      const path = `/products/${id}/styles`
      await bodyOf(path)
      await writer.query('commit')

      await expect.poll(() => isCached(path), { timeout: seenMsMax, interval: 10 }).toBe(false)
      expect(await bodyOf(path)).toContain(`"quantity":${news},`)
    }
  })

  it('follows change by change what did not outlast half of the changes', async () => {
    const [importer, writer, crowd] = await Promise.all([connect(), connect(), connect()])
    await importer.query('begin; select pg_current_xact_id()')
    await change(crowd, 150, 100)
    await writer.query('begin; update catalog.sku set quantity = 777 where id = 7')
    await change(crowd, 60, 100)
    await settle(crowd)
    await Promise.all(['/products/7/styles', '/products/8/styles'].map(bodyOf))

    await writer.query('commit')

    await expect
      .poll(() => isCached('/products/7/styles'), { timeout: seenMsMax, interval: 10 })
      .toBe(false)
    expect(isCached('/products/8/styles')).toBe(true)
  })
})

describe('a database whose log is cut', () => {
  const snapshot = (given: Partial<Snapshot>): Snapshot => {
    const shown = given.shown ?? '{}'
    return {
      xmin: 100,
      underWay: [],
      xmax: 30_000,
      shown,
      shownRanges: readIdRanges(shown),
      prunedBelow: 0,
      isPartial: false,
      inRecovery: false,
      ...given,
    }
  }
  const pointer = { release: 1, publication: 1 }
  const list = { release: 1, began: 1, changes: 0, idSum: 0 }
  const polled = (given: Partial<Snapshot>, ids: readonly number[] = []) => ({
    pointer,
    list,
    cut: undefined,
    changes: ids.map((id) => ({
      id,
      xid: 101,
      ageMs: 1,
      release: 1,
      productIds: [7],
      parts: ['styles' as const],
    })),
    snapshot: snapshot(given),
  })
  const open = () => ({ snapshot: undefined, list: undefined, pointer }) as unknown as Database
  let first: Database
  let second: Database
  let changes: ChangeFollower
  let clears: number

  /** Transactions 100, an import, and 101, a writer, are under way. */
  beforeEach(() => {
    clears = 0
    first = open()
    second = open()
    changes = createChangeFollower({
      databases: [first, second],
      lagMsMax: 500,
      replies: {
        drop: () => 0,
        disown: () => undefined,
        clear: () => {
          clears += 1
        },
      },
      onChanges: () => undefined,
      log: pino({ level: 'silent' }),
    })
    changes.note(first, polled({}), 1)
    changes.note(second, polled({}), 1)
  })

  it('lacks what another shows of a transaction that it gave up', () => {
    changes.note(second, polled({ xmin: 20_000, underWay: [100, 101] }), 1)
    changes.note(first, polled({ shown: '{[5,6)}' }, [5]), 1)

    expect(changes.mayKeep('/products/7/styles', second)).toBe(false)
    expect(changes.mayKeep('/products/7/styles', first)).toBe(true)
    expect(changes.missing(second)).toBe(1)
  })

  it('keeps nothing while it is a replica, which cannot tell what is under way', () => {
    changes.note(second, polled({ inRecovery: true }), 1)
    changes.note(second, polled({ inRecovery: true }), 1)
    expect(changes.mayKeep('/products/7/styles', second)).toBe(true)

    changes.note(second, polled({ xmin: 20_000, underWay: undefined, inRecovery: true }), 1)

    expect(changes.mayKeep('/products/7/styles', second)).toBe(false)
    expect(changes.mayKeep('/products/7/styles', first)).toBe(true)
    expect(changes.isBehind(second)).toBe(false)
  })

  it('begins and ends to be such a replica with an empty cache, and with no load that would fill it', () => {
    changes.note(second, polled({ inRecovery: true }), 1)
    changes.note(second, polled({ inRecovery: true }), 1)
    clears = 0

    changes.note(second, polled({ xmin: 20_000, underWay: undefined, inRecovery: true }), 1)
    expect(clears).toBe(1)
    changes.note(second, polled({ xmin: 20_000, inRecovery: true }), 1)

    expect(clears).toBe(2)
    expect(changes.mayKeep('/products/7/styles', second)).toBe(true)
  })
})
