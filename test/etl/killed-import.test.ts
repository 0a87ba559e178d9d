import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TableDigest } from '../../etl/digest.ts'
import { Draw } from '../../etl/generate-draw.ts'
import { generateCatalogue } from '../../etl/generate.ts'
import { liveRelease } from '../../etl/publish.ts'
import { createDatabase, type TestDatabase } from '../database.ts'
import type { Bundles } from '../lib/bundles.ts'
import { sharedBundles } from '../lib/shared-bundles.ts'
import { type EtlPlace, openGates, runEtl, startEtl } from './etl-process.ts'
import { halfDone, liveDigest, schemas } from './release-state.ts'

/** Fifty take a minute: CI does them, see CONTRIBUTING.md. */
const kills = Number(process.env['KILLS'] ?? 5)
const killsMsMax = kills * 20_000
const moments = new Draw(1, 'kill')

/** Imported in turn, so that the release before and the one after are never equal. */
interface Catalogue {
  readonly dir: string
  readonly digest: readonly TableDigest[]
}

let database: TestDatabase
let bundles: Bundles
let client: Client
let place: EtlPlace
let catalogues: readonly [Catalogue, Catalogue]
let importMs: number

const importOf = ({ dir }: Pick<Catalogue, 'dir'>) => ['import', dir, '--keep=2', ...openGates]

beforeAll(async () => {
  bundles = await sharedBundles()
  database = await createDatabase()
  client = new Client({ connectionString: database.url })
  await client.connect()
  const cwd = await mkdtemp(join(tmpdir(), 'product-overview-killed-'))
  place = { bundles, databaseUrl: database.url, cwd }
  catalogues = [await undisturbed(1), await undisturbed(2)]
})

afterAll(async () => {
  await client.end()
  await database.drop()
  await rm(place.cwd, { recursive: true })
})

const undisturbed = async (number: number): Promise<Catalogue> => {
  const dir = join(place.cwd, `catalogue-${number}`)
  await generateCatalogue({ products: 300, seed: number, outDir: dir })
  const startedMs = performance.now()
  await runEtl(place, importOf({ dir }))
  importMs = performance.now() - startedMs
  return { dir, digest: await liveDigest(client) }
}

describe(`an import that is killed, ${kills} times over its whole run`, () => {
  it(
    'changes nothing that readers see, and the next one finds, removes and ends what it has begun',
    async () => {
      let found = 0
      for (let kill = 0; kill < kills; kill++) {
        const [next, live] = kill % 2 === 0 ? catalogues : turned(catalogues)
        await expectLive(live)
        await killAt(((kill + moments.below(1000) / 1000) / kills) * importMs, next)

        await expectLive(next, live)
        const left = await halfDone(client)
        found += left.length
        const said = await runEtl(place, importOf(next))

        for (const release of left) {
          expect(said).toMatch(new RegExp(`release ${release} was .* removed`))
        }
        await expectLive(next)
        await expectTidy()
      }
      expect(found).toBeGreaterThan(kills / 3)
    },
    killsMsMax,
  )
})

const turned = ([one, other]: typeof catalogues) => [other, one] as const

const killAt = async (ms: number, catalogue: Catalogue): Promise<void> => {
  const etl = startEtl(place, importOf(catalogue))
  await sleep(ms)
  etl.child.kill('SIGKILL')
  await etl.ended
}

/** Readers are given one of these catalogues, whole. */
const expectLive = async (...possible: readonly Catalogue[]): Promise<void> => {
  expect(possible.map(({ digest }) => digest)).toContainEqual(await liveDigest(client))
}

/** Nothing is left of anybody: tables, entries, temporary and half-written files. */
const expectTidy = async (): Promise<void> => {
  const { there, expected } = await schemas(client)
  expect(there).toEqual(expected)
  expect(there).toHaveLength(2)
  expect(there).toContain(`release_${await liveRelease(client)}`)
  expect(await halfDone(client)).toEqual([])
  const files = await readdir(place.cwd, { recursive: true })
  expect(files.filter((name) => name.endsWith('.partial'))).toEqual([])
  expect(files.filter((name) => !/^(catalogue-|rejects)/.test(name))).toEqual([])
}
