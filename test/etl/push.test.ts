import { join } from 'node:path'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { digestRelease } from '../../etl/digest.ts'
import { importCatalogue } from '../../etl/import.ts'
import { liveRelease } from '../../etl/publish.ts'
import { pushRelease } from '../../etl/push.ts'
import { createDatabase, type TestDatabase } from '../database.ts'
import { catalogueFolder, smallRows } from './catalogue-folder.ts'

const products = 300

let source: TestDatabase
let target: TestDatabase
let here: Client
let there: Client

beforeAll(async () => {
  source = await createDatabase()
  target = await createDatabase()
  const dir = await catalogueFolder(smallRows(products))
  await importCatalogue({ databaseUrl: source.url, dir, rejectsDir: join(dir, 'rejects') })
  here = new Client({ connectionString: source.url })
  there = new Client({ connectionString: target.url })
  await Promise.all([here.connect(), there.connect()])
})

afterAll(async () => {
  await Promise.all([here.end(), there.end()])
  await Promise.all([source.drop(), target.drop()])
})

const push = (options: { signal?: AbortSignal } = {}) =>
  pushRelease({ databaseUrl: source.url, targetUrl: target.url, ...options })

describe('a push', () => {
  it('publishes an equal release in the other database', async () => {
    const { release, targetRelease, published } = await push()

    expect(published).toBe(true)
    expect(await liveRelease(there)).toBe(targetRelease)
    expect(await digestRelease(there, targetRelease)).toEqual(await digestRelease(here, release))
  })

  it('carries live changes and leaves a catalogue that can be changed', async () => {
    await here.query("insert into catalog.photo values (9000, 5, 'https://last', 'https://last')")
    const { targetRelease } = await push()

    await there.query(
      "insert into catalog.photo values (9001, 5, 'https://later', 'https://later')",
    )

    const { rows } = await there.query<{ body: string }>(
      `select body from release_${targetRelease}.styles_document where product_id = 5`,
    )
    expect(rows[0]?.body).toMatch(/https:\/\/last.*https:\/\/later/)
  })

  it('that is interrupted leaves nothing visible there', async () => {
    const before = await liveRelease(there)
    const controller = new AbortController()
    const progress = {
      begin: (name: string) => {
        if (name === 'styles_document') controller.abort(new Error('stopped'))
        return { advance: () => {}, end: () => {} }
      },
      note: () => {},
      close: () => {},
    }

    await expect(
      pushRelease({
        databaseUrl: source.url,
        targetUrl: target.url,
        progress,
        signal: controller.signal,
      }),
    ).rejects.toThrow('stopped')

    expect(await liveRelease(there)).toBe(before)
    const { rows } = await there.query("select from catalog.release where state = 'loading'")
    expect(rows).toEqual([])
  })

  it('that does not arrive as it was sent says in which table, and leaves nothing there', async () => {
    const before = await liveRelease(there)
    await there.query(damageSkus)

    await expect(push()).rejects.toThrow(
      /^the copy differs from its source in sku; it is removed, nothing was published$/,
    )

    await there.query('drop event trigger damage_skus')
    expect(await liveRelease(there)).toBe(before)
    const { rows } = await there.query("select from catalog.release where state = 'loading'")
    expect(rows).toEqual([])
  })

  it('says which database does not answer', async () => {
    await expect(
      pushRelease({
        databaseUrl: source.url,
        targetUrl: 'postgres://someone:secret@127.0.0.1:1/shop',
      }),
    ).rejects.toThrow(/postgres:\/\/someone:\*\*\*@127\.0\.0\.1:1\/shop does not answer/)
  })
})

/** Makes one sku of the newest release another one once its rows are there, as a disk that lies would. */
const damageSkus = `
  create function damage_skus() returns event_trigger language plpgsql as $$
  begin
    execute format('update release_%s.sku set quantity = quantity + 1 where id = 1',
      (select max(id) from catalog.release));
  end $$;
  create event trigger damage_skus on ddl_command_end when tag in ('CREATE VIEW')
    execute function damage_skus()`
