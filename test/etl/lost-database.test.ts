import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { TableDigest } from '../../etl/digest.ts'
import { liveRelease } from '../../etl/publish.ts'
import { type TestPostgres, startPostgres } from '../database.ts'
import type { Bundles } from '../lib/bundles.ts'
import { sharedBundles } from '../lib/shared-bundles.ts'
import { catalogueFolder, smallRows } from './catalogue-folder.ts'
import { backendAt, type EtlPlace, runEtl, startEtl } from './etl-process.ts'
import { halfDone, liveDigest, schemas } from './release-state.ts'

const comeBackMsMax = 20_000
// Two imports and a restart each: seconds, on a busy machine many.
vi.setConfig({ testTimeout: 120_000 })

let postgres: TestPostgres
let bundles: Bundles
let place: EtlPlace
let dir: string
let digest: TableDigest[]

const importAll = () => ['import', dir, '--keep=2']

beforeAll(async () => {
  bundles = await sharedBundles()
  postgres = await startPostgres()
  dir = await catalogueFolder(smallRows(6_000))
  const cwd = await mkdtemp(join(tmpdir(), 'product-overview-lost-'))
  place = { bundles, databaseUrl: postgres.url, cwd }
  await runEtl(place, importAll())
  digest = await asked(liveDigest)
})

afterAll(async () => {
  await postgres.drop()
  await rm(place.cwd, { recursive: true })
  await rm(dir, { recursive: true })
})

/** What ends an import in its middle; each is given a backend that works for it. */
const losses: Record<string, (client: Client, backend: number) => Promise<unknown>> = {
  'whose backend an administrator ends': (client, backend) =>
    client.query('select pg_terminate_backend($1)', [backend]),
  'whose connection with the lock an administrator ends': (client) =>
    client.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'product-overview etl, %'",
    ),
  'one of whose backends is killed, so that PostgreSQL restarts all': async (_, backend) =>
    process.kill(backend, 'SIGKILL'),
  'whose database is stopped at once and started again': async () => {
    process.kill(postgres.pid, 'SIGQUIT')
    await postgres.start()
  },
}

const moments = ['copy', 'insert into styles_document']

describe('an import', () => {
  it.each(
    Object.keys(losses).flatMap((loss) => moments.map((statement) => [loss, statement] as const)),
  )('%s, during «%s», says so and what to do; the next one succeeds', async (loss, statement) => {
    const before = await asked(liveRelease)
    const etl = startEtl(place, importAll())
    await asked(async (client) => losses[loss]?.(client, await backendAt(client, statement)))

    expect(await etl.ended).toEqual({ code: 1, signal: null })
    expect(etl.output()).toMatch(
      /^etl: the connection to the database was lost \(.+\)\. Nothing that is not whole was published.*run the same/m,
    )
    expect(etl.output()).not.toMatch(/\n\s+at /)
    expect(await asked(liveRelease)).toBe(before)
    expect(await asked(liveDigest)).toEqual(digest)

    const left = await asked(halfDone)
    const said = await runEtl(place, importAll())
    for (const release of left) {
      expect(said).toContain(`release ${release} was left unfinished by a command that died`)
    }
    expect(await asked(liveDigest)).toEqual(digest)
    expect(await asked(halfDone)).toEqual([])
    const { there, expected } = await asked(schemas)
    expect(there).toEqual(expected)
  })
})

/** Asks on a connection of its own, which may be lost in between; waits while the database restarts. */
const asked = async <T>(question: (client: Client) => Promise<T>): Promise<T> => {
  const deadline = performance.now() + comeBackMsMax
  for (;;) {
    const client = new Client({ connectionString: postgres.url })
    client.on('error', () => undefined)
    try {
      await client.connect()
    } catch (error) {
      if (performance.now() > deadline) throw error
      await sleep(20)
      continue
    }
    try {
      return await question(client)
    } finally {
      await client.end()
    }
  }
}
