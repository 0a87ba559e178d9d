import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { childrenOf, waitForEnd } from '../deploy/local/processes.ts'
import { createDatabase } from './database.ts'
import { copyPostgresData } from './postgres-data.ts'
import { sample } from './sample.ts'

const startMsMax = 60_000

let dir: string
let kept: string
const started: Start[] = []

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'product-overview-dev-'))
  kept = join(dir, 'kept')
})

afterEach(async () => {
  for (const { child, processes } of started.splice(0)) {
    const pids = await processes()
    child.kill('SIGKILL')
    await survivors(pids)
  }
})

afterAll(() => rm(dir, { recursive: true, force: true }))

describe('npm start', { timeout: 120_000 }, () => {
  it('serves a sample from nothing, says where its rejected rows are, and stops at Ctrl-C without a trace', async () => {
    const run = start(kept)
    const url = await run.served()
    const pids = await run.processes()

    expect((await productAt(url)).status).toBe(200)
    expect(run.output()).toContain('importing a sample catalogue')
    expect(await readdir(rejectsDirIn(run.output()))).toContain('photos.csv')
    expect(await run.ctrlC()).toBe(0)
    expect(await survivors(pids)).toEqual([])
  })

  it('comes back with the same data, after a Ctrl-C and after a kill, and tells other starts that it runs', async () => {
    const first = start(kept)
    const url = await first.served()
    const answer = await productAt(url)
    const other = start(kept)
    expect(await other.exitCode()).toBe(1)
    const pids = await first.processes()
    first.child.kill('SIGKILL')
    expect(await survivors(pids)).toEqual([])
    const second = start(kept)

    expect(await productAt(await second.served())).toEqual(answer)
    expect(first.output() + second.output()).not.toContain('importing')
    expect(other.output()).toContain(`already running in ${kept}`)
    expect(other.output()).toContain(`serving ${url}`)
  })

  it('completes what a start that was interrupted during the import had begun', async () => {
    const data = join(dir, 'interrupted')
    await copyPostgresData(join(data, 'postgres'))
    const first = start(data)
    await first.says('\nproduct.csv: done')
    expect(await first.ctrlC()).toBe(0)
    const second = start(data)

    expect((await productAt(await second.served())).status).toBe(200)
  })

  it('names PORT when another program has it', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const { port } = other.address() as AddressInfo
    const run = start(join(dir, 'unused'), { PORT: `${port}` })

    expect(await run.exitCode()).toBe(1)
    expect(run.output()).toContain(
      `cannot listen on 127.0.0.1:${port}: another program listens there: set PORT`,
    )
    other.close()
  })

  it('imports the sample into an empty database at DATABASE_URL, and says so', async () => {
    const database = await createDatabase()
    const run = start(join(dir, 'empty'), { DATABASE_URL: database.url })

    expect((await productAt(await run.served())).status).toBe(200)
    expect(run.output()).toMatch(/No release is published in DATABASE_URL \(postgres:.*\*\*\*@/)
    expect(await run.ctrlC()).toBe(0)
    await database.drop()
  })

  it('serves the release that is published at DATABASE_URL, and changes nothing there', async () => {
    const database = await createDatabase({ template: 'sample' })
    const run = start(join(dir, 'given'), { DATABASE_URL: database.url })

    expect((await productAt(await run.served())).status).toBe(200)
    expect(run.output()).toContain(`${sample.products} products are served`)
    expect(run.output()).not.toContain('importing')
    expect(await run.ctrlC()).toBe(0)
    await database.drop()
  })
})

const productAt = async (url: string) => {
  const response = await fetch(`${url}/products/1`)
  return { status: response.status, body: await response.text() }
}

const rejectsDirIn = (output: string) => /^rejected rows +(.+)$/m.exec(output)?.[1] ?? ''

interface Start {
  readonly child: ChildProcess
  readonly output: () => string
  /** Waits for words in the output. */
  readonly says: (words: string) => Promise<void>
  /** Waits for the welcome, and gives the url in it. */
  readonly served: () => Promise<string>
  /** Itself and everything it has started. */
  readonly processes: () => Promise<number[]>
  /** SIGINT to the whole process group, as a terminal does; gives the exit code. */
  readonly ctrlC: () => Promise<number | null>
  readonly exitCode: () => Promise<number | null>
}

/** What `npm start` runs, with a small sample, its data in a folder of its own and a free port. */
const start = (data: string, env: NodeJS.ProcessEnv = {}): Start => {
  const child = spawn(process.execPath, ['--import', 'tsx', 'dev.ts'], {
    env: { ...process.env, PORT: '0', DATA_DIR: data, SAMPLE_PRODUCTS: '200', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (chunk: string) => (output += chunk))
  const exit = once(child, 'close').then(([code]) => code as number | null)
  const says = async (words: string) => {
    const deadline = Date.now() + startMsMax
    while (!output.includes(words)) {
      if (child.exitCode !== null || Date.now() > deadline)
        throw new Error(`expected "${words}" within ${startMsMax} ms, came:\n${output}`)
      await sleep(10)
    }
  }
  const run: Start = {
    child,
    output: () => output,
    says,
    served: async () => {
      await says('Ctrl-C stops everything')
      return /are served at (\S+)/.exec(output)?.[1] ?? ''
    },
    processes: () => familyOf(child.pid ?? 0),
    ctrlC: () => {
      process.kill(-(child.pid ?? 0), 'SIGINT')
      return exit
    },
    exitCode: () => exit,
  }
  started.push(run)
  return run
}

const familyOf = async (pid: number): Promise<number[]> => {
  const families = await Promise.all((await childrenOf(pid)).map(familyOf))
  return [pid, ...families.flat()]
}

/** Those that still run ten seconds later. */
const survivors = async (pids: readonly number[]) => {
  const ends = await Promise.all(pids.map((pid) => waitForEnd(pid, 10_000)))
  return pids.filter((_, index) => !ends[index])
}
