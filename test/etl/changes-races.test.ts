import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestDatabase } from '../database.ts'
import { createCatalogueDatabase } from '../lib/catalogue.ts'
import { wholeProducts } from '../lib/whole-products.ts'

/** Long enough for a statement to begin to wait for a lock. */
const waitMs = 300

let database: TestDatabase
const clients: Client[] = []

beforeAll(async () => {
  database = await createCatalogueDatabase(wholeProducts(9))
})
afterAll(async () => {
  await Promise.all(clients.map((client) => client.end()))
  await database.drop()
})

const connect = async (): Promise<Client> => {
  const client = new Client({ connectionString: database.url })
  await client.connect()
  clients.push(client)
  return client
}

const changes = async (client: Client): Promise<number> => {
  const { rows } = await client.query<{ n: number }>(
    'select count(*)::int as n from catalog.change',
  )
  return rows[0]!.n
}

/** The products whose documents are not what their tables say. */
const untrue = async (client: Client): Promise<number[]> => {
  const { rows } = await client.query<{ product_id: number }>(
    `select product_id from release_1.styles_document d join release_1.styles_source s using (product_id)
     where d.body <> s.body order by 1`,
  )
  return rows.map((row) => row.product_id)
}

describe('a change through the views', () => {
  it('is in the documents of the product that a style was just moved to', async () => {
    const [mover, seller] = [await connect(), await connect()]
    await mover.query('begin; update catalog.style set product_id = 2 where id = 1')
    const sold = seller.query('update catalog.sku set quantity = 4242 where style_id = 1')
    await sleep(waitMs)
    await mover.query('commit')
    await sold

    expect(await untrue(mover)).toEqual([])
  })

  it('is not lost to a temporary table of the writer with the name of one of ours', async () => {
    const client = await connect()
    await client.query(
      'create temp table style (id int, product_id int); create temp table product_document (product_id int)',
    )
    const before = await changes(client)

    await client.query('update catalog.sku set quantity = 4711 where id = 7')
    await client.query("update catalog.product set name = 'Cape' where id = 3")

    expect(await changes(client)).toBe(before + 2)
    expect(await untrue(client)).toEqual([])
  })

  it('needs no right to anything but the views', async () => {
    const client = await connect()
    const role = `writer_${process.pid}_${Date.now()}`
    await client.query(
      `create role ${role};
       grant usage on schema catalog to ${role};
       grant select, insert, update, delete on all tables in schema catalog to ${role};
       revoke all on catalog.change, catalog.live, catalog.release from ${role};
       set role ${role}`,
    )

    await client.query('update catalog.sku set quantity = 5 where id = 2')
    await client.query("insert into catalog.product values (900, 'Cap', 's', 'd', 'c', 1)")
    await client.query('delete from catalog.product where id = 900')

    const intruder = client.query("select release_1.note_change('{1}', '{styles}')")
    await expect(intruder).rejects.toThrow(/permission denied/)
    await client.query(`reset role; drop owned by ${role}; drop role ${role}`)
    expect(await untrue(client)).toEqual([])
  })

  it('that adds products fails with REPEATABLE READ when others came since, so that no page loses one', async () => {
    const [first, second] = [await connect(), await connect()]
    await second.query('begin isolation level repeatable read')
    await second.query('select from catalog.product')
    await first.query("insert into catalog.product values (100, 'Cap', 's', 'd', 'c', 1)")

    const added = second.query(
      `insert into catalog.product
       select 1000 + n, 'Cap', 's', 'd', 'c', 1 from generate_series(1, 80) as n`,
    )

    await expect(added).rejects.toMatchObject({ code: '40001' })
    await second.query('rollback')
  })
})

describe('the log of changes', () => {
  const makeHorizon = (client: Client) =>
    client.query(
      `delete from catalog.change_horizon;
       insert into catalog.change_horizon
       values (now() - interval '1 hour', pg_snapshot_xmin(pg_current_snapshot()))`,
    )

  it('is pruned though a restored dump brought many rows of another server', async () => {
    const client = await connect()
    await client.query(
      `insert into catalog.change (id, xid, release, product_ids, parts) overriding system value
       select -n, '9000000000', 1, array[3], '{listed}' from generate_series(1, 600) as n`,
    )
    await client.query('update catalog.sku set quantity = 1 where id = 7')
    const prune = async () => {
      await makeHorizon(client)
      await client.query('select release_1.prune_changes()')
      return changes(client)
    }

    // Other tests' transactions on this server hold the horizon back while they last.
    await expect.poll(prune, { timeout: 10_000 }).toBe(0)
  })

  it('keeps what was pruned as one total a release', async () => {
    const client = await connect()
    for (let time = 0; time < 3; time++) {
      await client.query("update catalog.product set name = 'Hat' where id = 4")
      await makeHorizon(client)
      await client.query('select release_1.prune_changes()')
    }

    const { rows } = await client.query<{ changes: string }>(
      'select changes from catalog.change_total where release = 1',
    )
    // The 600 of the dump, the renamed Cape, three products that came and went and another three, and these.
    expect(rows).toHaveLength(1)
    expect(Number(rows[0]!.changes)).toBeGreaterThanOrEqual(603)
  })
})
