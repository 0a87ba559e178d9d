import { rm } from 'node:fs/promises'
import { Client, type Pool } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ImportOptions, importCatalogue } from '../../etl/import.ts'
import { silent } from '../../etl/progress.ts'
import { liveRelease, rollBack } from '../../etl/publish.ts'
import { prepareCatalog, schemaOf } from '../../etl/release.ts'
import { endLoaders, openLoadPool } from '../../etl/session.ts'
import { createDatabase, type TestDatabase } from '../database.ts'
import { catalogueFolder, smallRows } from './catalogue-folder.ts'
import { halfDone, schemas } from './release-state.ts'

let database: TestDatabase
let client: Client
let other: Client
let dir: string

beforeAll(async () => {
  database = await createDatabase()
  client = new Client({ connectionString: database.url })
  other = new Client({ connectionString: database.url })
  await Promise.all([client.connect(), other.connect()])
  dir = await catalogueFolder(smallRows(300))
})

afterAll(async () => {
  await Promise.all([client.end(), other.end()])
  await database.drop()
  await rm(dir, { recursive: true })
})

const importAll = async (options: Partial<ImportOptions> = {}) => {
  const notes: string[] = []
  const progress = { ...silent, note: (message: string) => void notes.push(message) }
  const databaseUrl = database.url
  await importCatalogue({ databaseUrl, dir, rejectsDir: null, kept: 2, progress, ...options })
  return notes
}

const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const startedMs = performance.now()
  await work()
  return performance.now() - startedMs
}

describe('an old release that a backup is reading', () => {
  it('is left alone and said, other readers of it wait a second at most, and the next import removes it', async () => {
    await importAll()
    await importAll()
    await other.query('begin; select from release_1.product limit 1')
    const reading = readUntilHeldUp()
    const notes = await importAll()

    expect(await liveRelease(client)).toBe(3)
    expect(notes).toEqual([
      expect.stringMatching(/release 1 could not be dropped now .*next import/),
    ])
    expect(await halfDone(client)).toEqual([1])
    expect(await reading).toBeLessThan(2000)

    await other.query('commit')
    expect(await importAll()).toEqual(['release 1 was only half removed; its tables are removed'])
    expect(await halfDone(client)).toEqual([])
    const { there, expected } = await schemas(client)
    expect(there).toEqual(expected)
  })
})

/** Reads the release every few milliseconds until it has waited for a drop; gives how long. */
const readUntilHeldUp = async (): Promise<number> => {
  for (;;) {
    const ms = await timed(() => client.query('select from release_1.product limit 1'))
    if (ms > 300) return ms
  }
}

describe('releases that were refused or never published', () => {
  it('never take the place of one to go back to', async () => {
    await importAll()
    const before = await liveRelease(client)
    await importAll({ publish: false })
    await importAll({ publish: false })
    await importAll()

    expect(await rollBack(client)).toBe(before)
  })

  it('do not pile up: the newest stays, and none that was published goes for it', async () => {
    const before = await liveRelease(client)
    for (let time = 0; time < 4; time++) await importAll({ publish: false })

    const { rows } = await client.query<{ id: number }>(
      "select id from catalog.release where state = 'ready' order by id",
    )
    expect(rows.length).toBeLessThanOrEqual(4)
    expect(rows.at(-1)?.id).toBeGreaterThan(before!)
    expect(await liveRelease(client)).toBe(before)
  })
})

describe('a release that was never published', () => {
  it('is pointed out by the next import, whether it was left so or killed in its last moment', async () => {
    await importAll({ publish: false })
    const notes = await importAll()

    const left = (await liveRelease(client))! - 1
    expect(notes).toEqual([
      `release ${left} is ready and was never published: \`etl publish ${left}\` does it`,
    ])
  })
})

describe('a live change that is not committed', () => {
  it('holds up no command that only asks, and is said when it holds up a publication', async () => {
    await other.query("begin; update catalog.product set name = 'New' where id = 1")

    expect(await timed(() => prepareCatalog(client))).toBeLessThan(1000)
    await expect(importAll()).rejects.toThrow(
      /release \d+ is loaded and ready but was not published \(.*lock timeout\): `etl publish \d+` does it/,
    )
    await other.query('rollback')
    expect(await timed(() => rollBack(client))).toBeLessThan(1000)
  })
})

describe('the end of what still loads a release', () => {
  it('is not that of another database of the server, which may load one of the same number', async () => {
    const neighbour = await createDatabase()
    const pools = [database, neighbour].map(({ url }) => openLoadPool(url, schemaOf(7), 1))
    const pids = await Promise.all(pools.map(backendOf))
    await endLoaders(client, schemaOf(7))

    expect(await backendOf(pools[0]!)).not.toBe(pids[0])
    expect(await backendOf(pools[1]!)).toBe(pids[1])
    await Promise.all(pools.map((pool) => pool.end()))
    await neighbour.drop()
  })
})

const backendOf = async (pool: Pool) =>
  (await pool.query<{ pid: number }>('select pg_backend_pid() as pid')).rows[0]?.pid
