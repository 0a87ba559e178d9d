import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { childrenOf, waitForEnd } from '../../../deploy/local/processes.ts'
import { describeNginx } from '../nginx-fixture.ts'

const startMsMax = 90_000
const command = ['--import', 'tsx', 'deploy/local/cluster/main.ts']

let dir: string
const started: ChildProcess[] = []

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'product-overview-cluster-'))
})

afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL')
})

afterAll(() => rm(dir, { recursive: true, force: true }))

/** What `npm run cluster` runs, small and on a free port. */
const start = (...options: string[]) => {
  const child = spawn(
    process.execPath,
    [...command, '--data', dir, '--products', '200', '--port', '0', ...options],
    { stdio: ['ignore', 'pipe', 'pipe'], detached: true },
  )
  started.push(child)
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (chunk: string) => (output += chunk))
  const exitCode = once(child, 'close').then(([code]) => code as number | null)
  return {
    child,
    output: () => output,
    exitCode,
    served: async () => {
      const deadline = Date.now() + startMsMax
      while (!output.includes('Ctrl-C stops everything')) {
        if (child.exitCode !== null || Date.now() > deadline) throw new Error(output)
        await sleep(50)
      }
      return /are served at (\S+)/.exec(output)?.[1] ?? ''
    },
    /** As a terminal does: to the whole process group. */
    ctrlC: () => {
      process.kill(-(child.pid ?? 0), 'SIGINT')
      return exitCode
    },
  }
}

const familyOf = async (pid: number): Promise<number[]> => {
  const families = await Promise.all((await childrenOf(pid)).map(familyOf))
  return [pid, ...families.flat()]
}

/** Those that still run half a minute later. */
const survivors = async (pids: readonly number[]) => {
  const ends = await Promise.all(pids.map((pid) => waitForEnd(pid, 30_000)))
  return pids.filter((_, index) => !ends[index])
}

describeNginx('npm run cluster', { timeout: 180_000 }, () => {
  it('serves a catalogue from nothing, shows what runs, and stops at Ctrl-C without a trace', async () => {
    const run = start()
    const url = await run.served()
    const pids = await familyOf(run.child.pid ?? 0)
    const other = start()
    const status = start('--status')
    expect((await fetch(`${url}/products/1`)).status).toBe(200)
    expect(await other.exitCode).toBe(1)
    expect(await status.exitCode).toBe(0)

    expect(other.output()).toContain(`already running in ${dir}`)
    expect(other.output()).toContain(`a cluster at ${url}): stop that one first`)
    for (const part of ['nginx', 'instance 1', 'instance 2', 'primary', 'replica 1'])
      expect(status.output()).toMatch(new RegExp(`${part}.*127\\.0\\.0\\.1`))
    expect(status.output()).toMatch(/replica 1.* kB, \d+ ms/)
    expect(status.output()).not.toContain('no answer')
    expect(await run.ctrlC()).toBe(0)
    expect(await survivors(pids)).toEqual([])
  })

  it('comes back with the same catalogue, and leaves nothing behind when it is killed', async () => {
    const run = start('--instances', '1')
    const url = await run.served()
    const pids = await familyOf(run.child.pid ?? 0)
    expect(run.output()).not.toContain('generate')
    expect((await fetch(`${url}/products/1`)).status).toBe(200)
    run.child.kill('SIGKILL')

    expect(await survivors(pids)).toEqual([])
  })

  it('imports anew when another number of products is asked for', async () => {
    const run = start('--instances', '1', '--replicas', '0', '--products', '120')
    await run.served()

    expect(run.output()).toContain('120 products are served')
    expect(await run.ctrlC()).toBe(0)
  })

  it('says that no cluster runs', async () => {
    const run = start('--status')

    expect(await run.exitCode).toBe(1)
    expect(run.output()).toContain(`no cluster runs in ${dir}`)
  })

  it('names --port when another program has it', async () => {
    const taken = createServer().listen(0, '127.0.0.1')
    await once(taken, 'listening')
    const { port } = taken.address() as AddressInfo
    const run = start('--port', String(port))

    expect(await run.exitCode).toBe(1)
    expect(run.output()).toContain(
      `cannot listen on 127.0.0.1:${port}: another program listens there: choose another with --port`,
    )
    taken.close()
  })

  it('says what an option may be', async () => {
    const run = start('--instances', '0')

    expect(await run.exitCode).toBe(1)
    expect(run.output()).toContain('Expected a whole number from 1 to 16')
  })
})
