import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  removeEmbeddedPostgres,
  startEmbeddedPostgres,
} from '../../../deploy/local/embedded-postgres.ts'
import {
  childrenOf,
  isRunning,
  signalFamily,
  signalProcess,
  waitForEnd,
} from '../../../deploy/local/processes.ts'
import type { EmbeddedPostgres } from '../../../deploy/local/run-postgres.ts'
import { copyPostgresData } from '../../postgres-data.ts'

let scratch: string
let dir: string
const opened: EmbeddedPostgres[] = []

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'product-overview-embedded-'))
  // Another user may have to get through: see the last test.
  await chmod(scratch, 0o711)
})

beforeEach(async () => {
  dir = await mkdtemp(join(scratch, 'test-'))
})

afterEach(async () => {
  // All before the folder goes: a later one may run on the data of an earlier one.
  for (const server of opened) await server.stop()
  for (const server of opened.splice(0)) await removeEmbeddedPostgres(server, dir)
})

afterAll(() => rm(scratch, { recursive: true, force: true }))

const start = async () => {
  const server = await startEmbeddedPostgres({ dir, durable: false })
  opened.push(server)
  return server
}

const beginWithDatabase = () => copyPostgresData(dir)

describe('startEmbeddedPostgres', () => {
  it('makes a database that only its own password opens, and keeps what was committed', async () => {
    const first = await start()
    await query(first.url, "create table kept as select 'kept' as answer")
    const stranger = new URL(first.url)
    stranger.password = 'guessed'
    await expect(query(stranger.href, 'select 1')).rejects.toThrow('password authentication failed')
    await first.stop()
    const second = await start()

    expect(await query(second.url, 'select answer from kept')).toEqual([{ answer: 'kept' }])
    expect((await stat(join(dir, 'password'))).mode & 0o777).toBe(0o600)
  })

  it('leaves no process behind when it is stopped', async () => {
    await beginWithDatabase()
    const server = await start()
    await server.stop()

    expect(await isRunning(server.pid)).toBe(false)
  })

  it('stops within moments when the process that started it is killed', async () => {
    await beginWithDatabase()
    const { parent, pid } = await startInChild()
    parent.kill('SIGKILL')

    expect(await waitForEnd(pid, 10_000)).toBe(true)
    await expect(readFile(join(dir, 'data', 'postmaster.pid'))).rejects.toThrow('ENOENT')
  })

  it('stops within moments when it was frozen and the process that started it is killed', async () => {
    await beginWithDatabase()
    const { parent, pid } = await startInChild()
    await signalFamily(pid, 'SIGSTOP')
    parent.kill('SIGKILL')

    expect(await waitForEnd(pid, 10_000)).toBe(true)
    await expect(readFile(join(dir, 'data', 'postmaster.pid'))).rejects.toThrow('ENOENT')
  })

  it('ends the server of a killed start that is still running, and serves its data', async () => {
    await beginWithDatabase()
    const { parent, pid, url } = await startInChild()
    await query(url, "create table kept as select 'kept' as answer")
    await killUnguarded(parent, pid)
    const server = await start()

    expect(await query(server.url, 'select answer from kept')).toEqual([{ answer: 'kept' }])
    expect(await isRunning(pid)).toBe(false)
  })

  it('ends the server of a killed start that is frozen, within moments', async () => {
    await beginWithDatabase()
    const { parent, pid } = await startInChild()
    await signalFamily(pid, 'SIGSTOP')
    await killUnguarded(parent, pid)
    const startMs = performance.now()
    await start()

    expect(performance.now() - startMs).toBeLessThan(10_000)
    expect(await isRunning(pid)).toBe(false)
  })

  it('starts over a stale pid file whose number now belongs to another program', async () => {
    await beginWithDatabase()
    await writeFile(
      join(dir, 'data', 'postmaster.pid'),
      `${process.pid}\n${dir}/data\n1\n5432\n\n127.0.0.1\n1 1\nready   \n`,
    )
    const server = await start()

    expect(await query(server.url, 'select 1 as one')).toEqual([{ one: 1 }])
  })

  it('says what to do with data of another major version', async () => {
    await beginWithDatabase()
    await writeFile(join(dir, 'data', 'PG_VERSION'), '17\n')

    await expect(startEmbeddedPostgres({ dir })).rejects.toThrow(
      /expected data of PostgreSQL 18 in .*, but PostgreSQL 17 made it: delete the folder/,
    )
  })

  it('makes the database anew when the first start was killed in the middle', async () => {
    await mkdir(join(dir, 'initdb-killed', 'data'), { recursive: true })
    const server = await start()

    expect(await query(server.url, 'select 1 as one')).toEqual([{ one: 1 }])
    await expect(stat(join(dir, 'initdb-killed'))).rejects.toThrow('ENOENT')
  })

  it('shows the end of its log when PostgreSQL refuses to start', async () => {
    await beginWithDatabase()
    await expect(
      startEmbeddedPostgres({ dir, durable: false, settings: { shared_buffers: 'plenty' } }),
    ).rejects.toThrow('invalid value for parameter "shared_buffers": "plenty"')
  })

  it('gives up at once when it is told to', async () => {
    await expect(startEmbeddedPostgres({ dir, signal: AbortSignal.abort() })).rejects.toThrow(
      'aborted',
    )
  })

  it('does without user namespaces, as in a container that forbids them', async () => {
    const bin = join(dir, 'bin')
    await mkdir(bin)
    await symlink('/bin/false', join(bin, 'unshare'))
    const { parent, url } = await startInChild({ PATH: `${bin}:${process.env['PATH']}` })

    expect(await query(url, 'select 1 as one')).toEqual([{ one: 1 }])
    expect((await stat(join(dir, 'data'))).uid).not.toBe(0)
    parent.kill('SIGTERM')
    await once(parent, 'exit')
  })
})

const query = async (url: string, statement: string) => {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 10_000 })
  await client.connect()
  try {
    return (await client.query(statement)).rows as unknown[]
  } finally {
    await client.end()
  }
}

/** Starts it from a process of its own, which stops it at SIGTERM. */
const startInChild = async (
  env: NodeJS.ProcessEnv = {},
): Promise<{ parent: ChildProcess; pid: number; url: string }> => {
  const script = `
    import { startEmbeddedPostgres } from './deploy/local/embedded-postgres.ts'
    const { pid, url, stop } = await startEmbeddedPostgres({ dir: ${JSON.stringify(dir)}, durable: false })
    process.on('SIGTERM', () => void stop().then(() => process.exit()))
    process.send({ pid, url })`
  const parent = spawn(
    process.execPath,
    ['--import', 'tsx', '--input-type=module', '--eval', script],
    { env: { ...process.env, ...env }, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] },
  )
  const [message] = (await once(parent, 'message')) as [{ pid: number; url: string }]
  return { parent, ...message }
}

/** Kills the process that started a server, and before it the guardian that would then stop the server. */
const killUnguarded = async (parent: ChildProcess, server: number) => {
  const guardians = (await childrenOf(parent.pid ?? 0)).filter((child) => child !== server)
  for (const victim of [...guardians, parent.pid ?? 0]) signalProcess(victim, 'SIGKILL')
  await once(parent, 'exit')
}
