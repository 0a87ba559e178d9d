import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Draw } from '../../etl/generate-draw.ts'
import { createDatabase, type TestDatabase } from '../database.ts'
import { type Outcome, startLoad } from '../deploy/open-load.ts'
import type { Bundles } from '../lib/bundles.ts'
import { sharedBundles } from '../lib/shared-bundles.ts'
import { type ServerProcess, startServer } from '../lib/server-process.ts'
import { catalogueFolder, smallRows } from './catalogue-folder.ts'
import { type EtlPlace, runEtl } from './etl-process.ts'

const products = 5_000
const readsPerSecond = 50
/** What every text of the catalogue says: releases 1 and 3 are of the first folder, 2 and 4 of the second. */
const marks = ['Odd', 'Even'] as const

let database: TestDatabase
let bundles: Bundles
let place: EtlPlace
let folders: readonly string[]
let servers: readonly ServerProcess[]

beforeAll(async () => {
  bundles = await sharedBundles()
  database = await createDatabase()
  const cwd = await mkdtemp(join(tmpdir(), 'product-overview-reads-'))
  place = { bundles, databaseUrl: database.url, cwd }
  folders = await Promise.all(marks.map(markedFolder))
  await importNext(0)
  servers = [serve({}), serve({ REPLY_CACHE_BYTES_MAX: '0' })]
})

afterAll(async () => {
  for (const { child } of servers) child.kill('SIGKILL')
  await Promise.all(servers.map(({ ended }) => ended))
  await database.drop()
  for (const folder of [...folders, place.cwd]) await rm(folder, { recursive: true })
})

const markedFolder = async (mark: string): Promise<string> => {
  const rows = smallRows(products)
  return catalogueFolder({
    ...rows,
    'product.csv': rows['product.csv'].map((row) => row.replace('Slogan', mark)),
    'styles.csv': rows['styles.csv'].map((row) => row.replace('Blue', mark)),
  })
}

const importNext = (folder: number) => runEtl(place, ['import', folders[folder]!, '--keep=2'])

/** What a machine with too much to do would fail by, other tests beside this one, is not what is tested. */
const patience = {
  READ_DEADLINE_MS: '10000',
  CONNECT_TIMEOUT_MS: '10000',
  STATEMENT_TIMEOUT_MS: '8000',
  EVENT_LOOP_DELAY_MAX_MS: '10000',
}

const serve = (env: Record<string, string>) =>
  startServer([join(bundles.dir, 'server.js')], {
    DATABASE_URL: database.url,
    PORT: '0',
    ...patience,
    ...env,
  })

describe('reads while releases are imported, published, dropped and rolled back', () => {
  it('never fail and never mix releases, warm or cold', async () => {
    const loads = await Promise.all(
      servers.map(async (server, number) =>
        startLoad(await server.url(), readsPerSecond, nextTarget(number)),
      ),
    )
    for (const folder of [1, 0, 1]) await importNext(folder)
    const rolledBack = await runEtl(place, ['rollback'])
    const outcomes = (await Promise.all(loads.map(({ stop }) => stop()))).flat()

    expect(outcomes.filter(({ status }) => status !== 200 && status !== 404)).toEqual([])
    expect(outcomes.filter(({ status, target }) => (status === 404) !== isAbsent(target))).toEqual(
      [],
    )
    expect(outcomes.filter(isMixed)).toEqual([])
    expect(outcomes.some(({ body }) => body.includes(marks[1]))).toBe(true)
    expect(Number(/release 3 is live again, after (\d+) ms/.exec(rolledBack)?.[1])).toBeLessThan(
      1000,
    )
    const seen = new Set(outcomes.map(({ release }) => release))
    expect([...seen]).toEqual(expect.arrayContaining([1, 2, 3]))
    expect(outcomes.length).toBeGreaterThan(readsPerSecond)
  }, 180_000)
})

const absent = products + 1
const isAbsent = (target: string) => target.startsWith(`/products/${absent}`)

/** One kind of read after the other: lists, products, styles, related, and a product that is not there. */
const nextTarget = (number: number) => {
  const draw = new Draw(number, 'read')
  const anyId = () => 1 + draw.below(products)
  const kinds = [
    () => `/products?page=${1 + draw.below(products / 50)}&count=50`,
    () => `/products/${anyId()}`,
    () => `/products/${anyId()}/styles`,
    () => `/products/${anyId()}/related`,
    () => `/products/${absent}`,
  ]
  // A streamed page costs as much as twenty others.
  return () => (draw.oneIn(50) ? '/products?count=1011' : draw.pick(kinds)())
}

const isMixed = ({ release, body }: Outcome) =>
  release > 0 && body.includes(marks[release % 2 === 1 ? 1 : 0])
