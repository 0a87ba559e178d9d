import { existsSync } from 'node:fs'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  removeEmbeddedPostgres,
  startEmbeddedPostgres,
} from '../../../deploy/local/embedded-postgres.ts'
import { startReplica } from '../../../deploy/local/postgres-replica.ts'
import { isRunning } from '../../../deploy/local/processes.ts'
import type { EmbeddedPostgres } from '../../../deploy/local/run-postgres.ts'
import { copyPostgresData } from '../../postgres-data.ts'

let scratch: string
let primaryDir: string
let primary: EmbeddedPostgres
let dir: string
const replicas: EmbeddedPostgres[] = []

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'product-overview-replica-'))
  primaryDir = join(scratch, 'primary')
  await copyPostgresData(primaryDir)
  primary = await startEmbeddedPostgres({ dir: primaryDir, durable: false })
  await query(primary.url, 'create table kept (answer int)')
})

beforeEach(async () => {
  dir = await mkdtemp(join(scratch, 'replica-'))
})

afterEach(async () => {
  // All before any folder goes: a later one may run on the data of an earlier one.
  for (const replica of replicas) await replica.stop()
  for (const replica of replicas.splice(0)) await removeEmbeddedPostgres(replica, dir)
  await query(primary.url, 'truncate kept')
})

afterAll(async () => {
  await primary.stop()
  await removeEmbeddedPostgres(primary, primaryDir)
  await rm(scratch, { recursive: true, force: true })
})

const start = async () => {
  const replica = await startReplica({ primary, dir, name: 'tested', durable: false })
  replicas.push(replica)
  return replica
}

const write = (answer: number) => query(primary.url, `insert into kept values (${answer})`)
const answersOf = async ({ url }: EmbeddedPostgres) =>
  (await query(url, 'select answer from kept order by 1')).map(({ answer }) => answer)
/** Another one after it was built anew; the number alone may be given again. */
const folderOf = async ({ dataDir }: EmbeddedPostgres) => {
  const { ino, birthtimeMs } = await stat(dataDir)
  return `${ino} made at ${birthtimeMs}`
}

describe('startReplica', () => {
  it('has what the primary had, follows it, and takes no writes', async () => {
    await write(1)
    const replica = await start()
    await write(2)

    await expect.poll(() => answersOf(replica)).toEqual([1, 2])
    await expect(query(replica.url, 'insert into kept values (3)')).rejects.toThrow('read-only')
  })

  it('is whole though tables come, change and go while it is copied', async () => {
    let isCopied = false
    const writing = (async () => {
      for (let n = 0; !isCopied; n++)
        await query(
          primary.url,
          `create table t${n} as select generate_series(1, 1000) as i; drop table t${n}; insert into kept values (${n})`,
        )
    })()
    const replica = await start()
    isCopied = true
    await writing

    const expected = await answersOf(primary)
    await expect.poll(() => answersOf(replica)).toEqual(expected)
  })

  it('leaves no process behind when it is stopped', async () => {
    const replica = await start()
    await replica.stop()

    expect(await isRunning(replica.pid)).toBe(false)
  })

  it('goes on from where it was, with what was written meanwhile', async () => {
    const first = await start()
    const folder = await folderOf(first)
    await first.stop()
    await write(1)
    const second = await start()

    await expect.poll(() => answersOf(second)).toEqual([1])
    expect(await folderOf(second)).toBe(folder)
  })

  it('is built anew when its slot is gone', async () => {
    const first = await start()
    const folder = await folderOf(first)
    await first.stop()
    await query(primary.url, "select pg_drop_replication_slot('tested')")
    await write(1)
    const second = await start()

    await expect.poll(() => answersOf(second)).toEqual([1])
    expect(await folderOf(second)).not.toBe(folder)
  })

  it('is built anew when it was promoted', async () => {
    const first = await start()
    await query(first.url, 'select pg_promote()')
    await query(first.url, 'insert into kept values (7)')
    await first.stop()
    await write(1)
    const second = await start()

    await expect.poll(() => answersOf(second)).toEqual([1])
  })

  it('is built anew when the primary is another database', async () => {
    const otherDir = join(scratch, 'other')
    const other = await startEmbeddedPostgres({ dir: otherDir, durable: false })
    const first = await startReplica({ primary: other, dir, name: 'tested', durable: false })
    await first.stop()
    await other.stop()
    await removeEmbeddedPostgres(other, otherDir)
    await write(1)
    const second = await start()

    await expect.poll(() => answersOf(second)).toEqual([1])
  })

  it('starts without its primary, and follows it when that is back at its address', async () => {
    await write(1)
    const first = await start()
    await expect.poll(() => answersOf(first)).toEqual([1])
    await first.stop()
    await primary.stop()
    const second = await start()
    expect(await answersOf(second)).toEqual([1])
    primary = await startEmbeddedPostgres({ dir: primaryDir, durable: false, port: primary.port })
    await write(2)

    await expect.poll(() => answersOf(second), { timeout: 10_000 }).toEqual([1, 2])
  })

  it('keeps its data when it does not start while its primary is away, and says what is wrong', async () => {
    await write(1)
    const first = await start()
    await expect.poll(() => answersOf(first)).toEqual([1])
    const folder = await folderOf(first)
    await first.stop()
    await primary.stop()
    const mistaken = { primary, dir, name: 'tested', settings: { shared_buffers: 'plenty' } }
    const told = await startReplica(mistaken).catch((error: Error) => error.message)
    const hasData = existsSync(first.dataDir)
    primary = await startEmbeddedPostgres({ dir: primaryDir, durable: false, port: primary.port })
    const second = await start()

    expect(told).toContain('invalid value for parameter "shared_buffers": "plenty"')
    expect(hasData).toBe(true)
    expect(await folderOf(second)).toBe(folder)
    expect(await answersOf(second)).toEqual([1])
  })

  it('gives up at once when it is told to', async () => {
    const told = startReplica({ primary, dir, name: 'tested', signal: AbortSignal.abort() })

    await expect(told).rejects.toThrow('aborted')
  })
})

const query = async (url: string, statement: string) => {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 10_000 })
  await client.connect()
  try {
    return (await client.query(statement)).rows as { answer: number }[]
  } finally {
    await client.end()
  }
}
