import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { liveRelease } from '../../etl/publish.ts'
import { createDatabase, type TestDatabase } from '../database.ts'
import type { Bundles } from '../lib/bundles.ts'
import { sharedBundles } from '../lib/shared-bundles.ts'
import { catalogueFolder, smallRows } from './catalogue-folder.ts'
import { backendAt, type EtlPlace, startEtl } from './etl-process.ts'
import { halfDone, schemas } from './release-state.ts'

vi.setConfig({ testTimeout: 120_000 })

let database: TestDatabase
let bundles: Bundles
let client: Client
let place: EtlPlace
let dir: string

beforeAll(async () => {
  bundles = await sharedBundles()
  database = await createDatabase()
  client = new Client({ connectionString: database.url })
  await client.connect()
  const cwd = await mkdtemp(join(tmpdir(), 'product-overview-two-'))
  place = { bundles, databaseUrl: database.url, cwd }
  dir = await catalogueFolder(smallRows(20_000))
})

afterAll(async () => {
  await client.end()
  await database.drop()
  await rm(place.cwd, { recursive: true })
  await rm(dir, { recursive: true })
})

describe('two imports at once', () => {
  it('into a new database: one is published, the other says that it is not alone', async () => {
    const both = [startEtl(place, ['import', dir]), startEtl(place, ['import', dir])]
    const ends = await Promise.all(both.map(({ ended }) => ended))

    expect(ends.map(({ code }) => code)).toEqual(expect.arrayContaining([0, 1]))
    const refused = both[ends.findIndex(({ code }) => code === 1)]
    expect(refused?.output()).toContain('etl: another import holds the lock of this database')
    expect(await liveRelease(client)).toBe(1)
  })

  it('the second says which process holds the lock, where and since when, and the first goes on', async () => {
    const first = startEtl(place, ['import', dir])
    await backendAt(client, 'copy')
    const second = startEtl(place, ['import', dir])

    expect(await second.ended).toEqual({ code: 1, signal: null })
    expect(second.output()).toMatch(
      new RegExp(
        'another import holds the lock of this database: ' +
          `backend \\d+ \\(product-overview etl, process ${first.child.pid}\\) ` +
          'from 127\\.0\\.0\\.1, since \\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z\n',
      ),
    )
    expect(second.output()).not.toContain(' at ')
    expect(await first.ended).toEqual({ code: 0, signal: null })
    expect(await liveRelease(client)).toBe(2)
    expect(await halfDone(client)).toEqual([])
    const { there, expected } = await schemas(client)
    expect(there).toEqual(expected)
  })
})
