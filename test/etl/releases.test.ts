import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { digestRelease } from '../../etl/digest.ts'
import { type ImportOptions, importCatalogue, rehearseImport } from '../../etl/import.ts'
import { dropRelease, liveRelease, publishRelease, rollBack } from '../../etl/publish.ts'
import { createDatabase, type TestDatabase } from '../database.ts'
import { catalogueFolder, smallRows } from './catalogue-folder.ts'

let database: TestDatabase
let client: Client
let rejectsDir: string

beforeAll(async () => {
  database = await createDatabase()
  client = new Client({ connectionString: database.url })
  await client.connect()
  rejectsDir = await mkdtemp(join(tmpdir(), 'product-overview-rejects-'))
})

afterAll(async () => {
  await client.end()
  await database.drop()
  await rm(rejectsDir, { recursive: true })
})

const importFrom = (dir: string, options: Partial<ImportOptions> = {}) =>
  importCatalogue({ databaseUrl: database.url, dir, rejectsDir, ...options })

const releases = async () => {
  const { rows } = await client.query<{ id: number; state: string }>(
    "select id, state from catalog.release where state <> 'dropped' order by id",
  )
  return rows
}

const schemas = async () => {
  const { rows } = await client.query<{ name: string }>(
    "select nspname as name from pg_namespace where nspname like 'release\\_%' order by 1",
  )
  return rows.map(({ name }) => name)
}

describe('a release', () => {
  it('refuses a catalogue that shrank, which can be published all the same', async () => {
    const live = await importFrom(await catalogueFolder(smallRows(500)))
    const refused = await importFrom(await catalogueFolder(smallRows(350)))

    expect(refused.published).toBe(false)
    expect(refused.refusals[0]).toBe(
      'product.csv: 30 % of its rows are gone since the live release, at most 20 % may',
    )
    expect(await liveRelease(client)).toBe(live.release)

    await publishRelease(client, refused.release)

    expect(await liveRelease(client)).toBe(refused.release)
  })

  it('keeps the newest releases and drops the others', async () => {
    const dir = await catalogueFolder(smallRows(400))
    for (let time = 0; time < 4; time++) await importFrom(dir, { kept: 2 })

    const kept = await releases()

    expect(kept).toHaveLength(2)
    expect(await schemas()).toEqual(kept.map(({ id }) => `release_${id}`))
  })
})

describe('a dry run', () => {
  it('reports everything and leaves nothing behind', async () => {
    const rows = smallRows(400)
    await importFrom(await catalogueFolder(rows))
    const before = {
      live: await liveRelease(client),
      all: await allReleases(),
      schemas: await schemas(),
    }
    rows['product.csv'].pop()
    rows['product.csv'].push('401,"New","","","Hats",1')
    rows['product.csv'][6] = '7,"Cap 7","Slogan","Description","Hats",100'
    const dir = await catalogueFolder(rows)

    const { diff, files } = await rehearseImport({ databaseUrl: database.url, dir }, 0.2)

    expect(files['styles.csv'].rejectedBy).toEqual({ orphan: 1 })
    expect(diff).toMatchObject({ added: 1, removed: 1, changed: 1, pricesMoved: 1 })
    expect(diff?.farthestMoves).toEqual([
      { what: 'product', id: 7, column: 'default_price', from: '7.00', to: '100.00' },
    ])
    expect({
      live: await liveRelease(client),
      all: await allReleases(),
      schemas: await schemas(),
    }).toEqual(before)
  })
})

describe('a dry run on a database without a catalogue', () => {
  let empty: TestDatabase
  let reader: Client

  beforeEach(async () => {
    empty = await createDatabase()
    reader = new Client({ connectionString: empty.url })
    await reader.connect()
  })

  afterEach(async () => {
    await reader.end()
    await empty.drop()
  })

  const ownSchemas = async () => {
    const { rows } = await reader.query<{ name: string }>(
      "select nspname as name from pg_namespace where nspname !~ '^pg_' and nspname <> 'information_schema'",
    )
    return rows.map(({ name }) => name)
  }

  it('leaves the database as it was', async () => {
    const dir = await catalogueFolder(smallRows(400))

    const { files } = await rehearseImport({ databaseUrl: empty.url, dir }, 0.2)

    expect(files['product.csv'].loaded).toBe(400)
    expect(await ownSchemas()).toEqual(['public'])
  })

  it('leaves the database as it was when it is interrupted', async () => {
    const dir = await catalogueFolder(smallRows(400))
    const signal = AbortSignal.abort(new Error('interrupted'))

    await expect(rehearseImport({ databaseUrl: empty.url, dir, signal }, 0.2)).rejects.toThrow(
      'interrupted',
    )

    expect(await ownSchemas()).toEqual(['public'])
  })
})

describe('a rollback', () => {
  it('goes to what was live before, step by step, whatever the numbers and whatever is gone', async () => {
    const dir = await catalogueFolder(smallRows(400))
    const first = await importFrom(dir)
    const gone = await importFrom(dir)
    const second = await importFrom(dir, { kept: 5 })
    const third = await importFrom(dir, { kept: 5 })
    await dropRelease(client, gone.release)
    await publishRelease(client, first.release)

    expect(await rollBack(client)).toBe(third.release)
    expect(await rollBack(client)).toBe(second.release)
    expect(await rollBack(client)).toBe(first.release)
  })
})

describe('releases', () => {
  it('go back and forth without being touched', async () => {
    const dir = await catalogueFolder(smallRows(400))
    const first = await importFrom(dir)
    const second = await importFrom(dir)
    const digest = await digestRelease(client, first.release)

    expect(await rollBack(client)).toBe(first.release)
    expect(await liveRelease(client)).toBe(first.release)
    expect(await digestRelease(client, second.release)).toEqual(digest)
    await expect(dropRelease(client, first.release)).rejects.toThrow(/is live/)

    await dropRelease(client, second.release)

    await expect(publishRelease(client, second.release)).rejects.toThrow(/it is dropped/)
    await expect(publishRelease(client, 999)).rejects.toThrow(/it is unknown/)
  })
})

const allReleases = async () =>
  (await client.query('select id, state from catalog.release order by id')).rows
