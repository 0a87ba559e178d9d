import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { liveRelease } from '../../etl/publish.ts'
import { runStatement } from '../database.ts'
import type { Bundles } from '../lib/bundles.ts'
import { sharedBundles } from '../lib/shared-bundles.ts'
import { catalogueFolder, smallRows } from './catalogue-folder.ts'
import { type EtlPlace, runEtl, startEtl } from './etl-process.ts'
import { halfDone, liveDigest } from './release-state.ts'

vi.setConfig({ testTimeout: 120_000 })

// A mount in a namespace of its own ends with the last process in it, however that ends.
const namespace = process.getuid?.() === 0 ? ['--mount'] : ['--mount', '--map-root-user']
const mountSmallDisk = 'mount -t tmpfs -o size="$0",mode=1777 tmpfs "$1" && shift && exec "$@"'
const inSmallDisk = (size: string, dir: string, command: readonly string[]) => [
  ...namespace,
  'sh',
  '-c',
  mountSmallDisk,
  size,
  dir,
  ...command,
]

/** Users of other systems, and containers that forbid it, do without; CI does not. */
const canMount = spawnSync('unshare', inSmallDisk('1m', tmpdir(), ['true'])).status === 0
const isSkipped = !canMount && process.env['CI'] === undefined
if (isSkipped) console.warn('full-disk.test.ts is skipped: this user may not mount a small disk')

let folder: string
let bundles: Bundles

beforeAll(async () => {
  bundles = await sharedBundles()
  folder = await mkdtemp(join(tmpdir(), 'product-overview-disk-'))
  // PostgreSQL may run as a user who has to pass through.
  await chmod(folder, 0o711)
})

afterAll(() => rm(folder, { recursive: true }))

describe.skipIf(isSkipped)('an import into a database whose disk is full', () => {
  let postgres: ChildProcess
  let client: Client
  let place: EtlPlace
  let dir: string

  beforeAll(async () => {
    const disk = join(folder, 'disk')
    await mkdir(disk)
    postgres = spawn('unshare', inSmallDisk('48m', disk, withPostgres), {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, TMPDIR: folder },
    })
    const serverUrl = await firstLine(postgres)
    dir = await catalogueFolder(smallRows(2_000))
    place = { bundles, databaseUrl: await databaseOn(serverUrl, disk), cwd: folder }
    client = new Client({ connectionString: place.databaseUrl })
    await client.connect()
    await runEtl(place, ['import', dir])
  })

  afterAll(async () => {
    await client.end()
    postgres.stdin?.end()
    await once(postgres, 'exit')
    await rm(dir, { recursive: true })
  })

  it('says so and what to do; readers go on, and once there is room the next one succeeds', async () => {
    const before = { live: await liveRelease(client), digest: await liveDigest(client) }
    await fillUp(client)
    const etl = startEtl(place, ['import', dir])

    expect(await etl.ended).toEqual({ code: 1, signal: null })
    expect(etl.output()).toMatch(
      /etl: the disk of the database is full \(.*No space left on device\).*free space there/,
    )
    expect({ live: await liveRelease(client), digest: await liveDigest(client) }).toEqual(before)
    expect(await halfDone(client)).toEqual([])

    await client.query('drop table ballast')
    await runEtl(place, ['import', dir])
    expect(await liveDigest(client)).toEqual(before.digest)
    expect(await liveRelease(client)).toBeGreaterThan(before.live!)
  })

  it('says where, when it is the disk of the reject files', async () => {
    const rejects = join(folder, 'reject-disk')
    await mkdir(rejects)
    const before = await liveRelease(client)
    const rows = smallRows(2_000)
    rows['skus.csv'] = rows['skus.csv'].map((row) => `${row},"too many columns"`)
    const damaged = await catalogueFolder(rows)
    const node = [process.execPath, join(bundles.dir, 'etl.js')]
    const args = ['import', damaged, '--rejects', rejects]
    const full = spawnSync('unshare', inSmallDisk('64k', rejects, [...node, ...args]), {
      env: { PATH: process.env['PATH'], DATABASE_URL: place.databaseUrl },
      encoding: 'utf8',
    })

    expect(full.stderr).toContain(
      `etl: ${join(rejects, 'skus.csv')}: the rejected rows cannot be written: ENOSPC`,
    )
    expect(full.status).toBe(1)
    expect(await liveRelease(client)).toBe(before)
    expect(await halfDone(client)).toEqual([])
    await rm(damaged, { recursive: true })
  })
})

/** Says where it listens, and goes on until its input ends. */
const withPostgres = [
  ...[process.execPath, '--import', 'tsx', 'deploy/local/with-postgres.ts'],
  ...['sh', '-c', 'echo "$DATABASE_URL"; exec cat'],
]

const firstLine = async (child: ChildProcess): Promise<string> => {
  const [chunk] = (await once(child.stdout!, 'data')) as [Buffer]
  return chunk.toString().trim()
}

/** A database whose tables are on the small disk; its log is not, which ends all of PostgreSQL when it is full. */
const databaseOn = async (serverUrl: string, disk: string): Promise<string> => {
  const space = join(disk, 'space')
  // Made by PostgreSQL, which wants to own it.
  await runStatement(serverUrl, `copy (select) to program 'mkdir ${space}'`)
  await runStatement(serverUrl, `create tablespace small location '${space}'`)
  await runStatement(serverUrl, 'create database shop template template0 tablespace small')
  return serverUrl.replace(/[^/]*$/, 'shop')
}

/** Takes the disk's room, all but the two megabytes that a release's empty tables need. */
const fillUp = async (client: Client): Promise<void> => {
  for (const table of ['spare', 'ballast']) {
    await client.query(`create unlogged table ${table} (bytes text)`)
    await client.query(`alter table ${table} alter bytes set storage external`)
  }
  await client.query("insert into spare select repeat('x', 2000000)")
  const megabyte = "insert into ballast select repeat('x', 1000000)"
  for (let room = true; room;) room = await client.query(megabyte).then(isDone, isFull)
  await client.query('drop table spare')
}

const isDone = () => true
const isFull = () => false
