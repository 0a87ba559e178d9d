import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { digestRelease, type TableDigest } from '../../etl/digest.ts'
import { Draw } from '../../etl/generate-draw.ts'
import { importCatalogue } from '../../etl/import.ts'
import { liveRelease } from '../../etl/publish.ts'
import { createDatabase, type TestDatabase } from '../database.ts'
import type { Bundles } from '../lib/bundles.ts'
import { sharedBundles } from '../lib/shared-bundles.ts'
import { catalogueFolder, smallRows } from './catalogue-folder.ts'
import { backendAt, type EtlPlace, runEtl, startEtl } from './etl-process.ts'
import { halfDone, liveDigest, schemas } from './release-state.ts'

const kills = 5
const moments = new Draw(1, 'kill a push')

let source: TestDatabase
let target: TestDatabase
let bundles: Bundles
let here: Client
let there: Client
let place: EtlPlace
let dir: string
/** Releases of the source that differ: pushed in turn. */
let digests: readonly [TableDigest[], TableDigest[]]
let pushMs: number

const pushOf = (release: number) => ['push', target.url, '--release', `${release}`, '--keep=2']

beforeAll(async () => {
  bundles = await sharedBundles()
  source = await createDatabase()
  target = await createDatabase()
  here = new Client({ connectionString: source.url })
  there = new Client({ connectionString: target.url })
  await Promise.all([here.connect(), there.connect()])
  place = {
    bundles,
    databaseUrl: source.url,
    cwd: await mkdtemp(join(tmpdir(), 'product-overview-push-')),
  }
  dir = await catalogueFolder(smallRows(2_000))
  for (const product of [1, 2]) {
    await importCatalogue({ databaseUrl: source.url, dir, rejectsDir: null })
    await here.query("update catalog.product set name = 'Changed' where id = $1", [product])
  }
  digests = [await digestRelease(here, 1), await digestRelease(here, 2)]
  const startedMs = performance.now()
  await runEtl(place, pushOf(2))
  pushMs = performance.now() - startedMs
})

afterAll(async () => {
  await Promise.all([here.end(), there.end()])
  await Promise.all([source.drop(), target.drop()])
  await rm(place.cwd, { recursive: true })
  await rm(dir, { recursive: true })
})

const expectWhole = async (release: number): Promise<void> => {
  expect(await liveDigest(there)).toEqual(digests[release - 1])
  expect(await halfDone(there)).toEqual([])
  const { there: found, expected } = await schemas(there)
  expect(found).toEqual(expected)
}

describe(`a push that is killed, ${kills} times over its whole run`, () => {
  it('shows nothing of itself in the target, and the next one removes it and ends equal', async () => {
    let found = 0
    for (let kill = 0; kill < kills; kill++) {
      const release = (kill % 2) + 1
      const push = startEtl(place, pushOf(release))
      await sleep(((kill + moments.below(1000) / 1000) / kills) * pushMs)
      push.child.kill('SIGKILL')
      await push.ended

      expect(digests).toContainEqual(await liveDigest(there))
      const left = await halfDone(there)
      found += left.length
      const said = await runEtl(place, pushOf(release))
      for (const id of left) expect(said).toMatch(new RegExp(`release ${id} was .* removed`))
      await expectWhole(release)
    }
    expect(found).toBeGreaterThan(0)
  }, 180_000)
})

describe('a push whose target ends a connection', () => {
  it('says so and leaves nothing there; the next one ends equal', async () => {
    const before = await liveRelease(there)
    const push = startEtl(place, pushOf(1))
    const backend = await backendAt(there, 'copy')
    await there.query('select pg_terminate_backend($1)', [backend])

    expect(await push.ended).toEqual({ code: 1, signal: null })
    expect(push.output()).toMatch(/etl: the connection to the database was lost \(.+\)\. Nothing/)
    expect(await liveRelease(there)).toBe(before)
    expect(await halfDone(there)).toEqual([])
    await runEtl(place, pushOf(1))
    await expectWhole(1)
  })
})
