import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { startNodeServer } from '../bench/node-server.ts'
import { quantile } from '../bench/statistics.ts'
import { below, randomStream } from '../random.ts'
import { withDatabase } from './database.ts'
import type { EtlBenchOptions } from './options.ts'
import { runProgram } from './run-program.ts'
import type { BenchServer } from './server.ts'
import { type Read, SteadyReads } from './steady-reads.ts'

/** What the ETL does while reads go on; an import does not publish, so that each can be told from the others. */
export const phases = ['at rest', 'import', 'publish', 'drop of the release before'] as const
export type Phase = (typeof phases)[number]

/** Two services: one answers from its cache, the other asks the database for every read. */
export const temperatures = ['warm', 'cold'] as const
export type Temperature = (typeof temperatures)[number]

/** The reads of one phase of one round. */
export interface PhaseReads {
  readonly phase: Phase
  readonly temperature: Temperature
  readonly reads: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly maxMs: number
  /** Without an answer, or with one of 500 and above. */
  readonly failed: number
}

const restMs = 10_000
/** A publication is looked at until every process has taken it up and filled its cache again. */
const afterwardsMs = 3_000
/** As many as are answered from the cache a few seconds after it was emptied. */
const warmProducts = 500

/** Imports, publishes and drops one release after another while both services are read at a steady rate. */
export const measureReads = (
  server: BenchServer,
  dir: string,
  options: EtlBenchOptions,
): Promise<PhaseReads[]> =>
  withDatabase(server, async (url) => {
    const scratch = await mkdtemp(join(tmpdir(), 'product-overview-etl-bench-'))
    const etl = etlOf(url, scratch)
    try {
      await etl('publish', `${await importOne(etl, dir, scratch)}`)
      const loads = await Promise.all(
        temperatures.map((temperature) => startReads(temperature, url, scratch, options)),
      )
      try {
        return await playRounds(etl, { dir, scratch, loads, rounds: options.rounds })
      } finally {
        for (const load of loads) await load.stop()
      }
    } finally {
      await rm(scratch, { recursive: true })
    }
  })

interface Rounds {
  readonly dir: string
  readonly scratch: string
  readonly loads: readonly Load[]
  readonly rounds: number
}

const playRounds = async (etl: Etl, { dir, scratch, loads, rounds }: Rounds) => {
  const measured: PhaseReads[] = []
  for (let round = 1; round <= rounds; round++) {
    const windows = await playPhases(etl, dir, scratch)
    measured.push(...windows.flatMap((window) => loads.map((load) => summarise(window, load))))
    console.log(`round ${round} of ${rounds} is done`)
  }
  return measured
}

type Etl = (...args: readonly string[]) => Promise<unknown>

const etlOf =
  (url: string, cwd: string): Etl =>
  (...args) =>
    runProgram(
      {
        command: process.execPath,
        args: ['dist/etl.js', ...args, ...(args[0] === 'import' ? importFlags(cwd) : [])],
        env: { DATABASE_URL: url },
      },
      () => undefined,
    )

const importFlags = (scratch: string) => [
  '--no-publish',
  `--rejects=${join(scratch, 'rejects')}`,
  `--summary=${join(scratch, 'summary.json')}`,
]

const importOne = async (etl: Etl, dir: string, scratch: string) => {
  await etl('import', dir)
  const summary = await readFile(join(scratch, 'summary.json'), 'utf8')
  return (JSON.parse(summary) as { release: number }).release
}

interface Load {
  readonly temperature: Temperature
  readonly reads: SteadyReads
  readonly stop: () => Promise<void>
}

const startReads = async (
  temperature: Temperature,
  url: string,
  scratch: string,
  { products, readsPerSecond }: EtlBenchOptions,
): Promise<Load> => {
  const isWarm = temperature === 'warm'
  const { child, origin } = await startNodeServer({
    name: `the ${temperature} service`,
    args: ['dist/server.js'],
    log: join(scratch, `${temperature}.log`),
    env: {
      DATABASE_URL: url,
      DRAIN_NOTICE_MS: '0',
      ...(!isWarm && { REPLY_CACHE_BYTES_MAX: '0' }),
    },
    path: '/readyz',
  })
  const nextPath = pathsOf(isWarm ? Math.min(warmProducts, products) : products)
  const reads = await SteadyReads.start({ origin, readsPerSecond, nextPath })
  const stop = async () => {
    await reads.stop()
    await child.stop()
  }
  return { temperature, reads, stop }
}

const seed = 1
const pageProducts = 20

const pathsOf = (products: number) => {
  const random = randomStream(seed, products)
  const kinds = [
    (id: number) => `/products/${id}`,
    (id: number) => `/products/${id}/styles`,
    (id: number) => `/products/${id}/related`,
    (id: number) => `/products?count=${pageProducts}&page=${Math.ceil(id / pageProducts)}`,
  ]
  let turn = 0
  return () => kinds[turn++ % kinds.length]!(1 + below(random, products))
}

interface Window {
  readonly phase: Phase
  readonly fromMs: number
  readonly toMs: number
}

const playPhases = async (etl: Etl, dir: string, scratch: string): Promise<Window[]> => {
  let release = 0
  const work: Record<Phase, () => Promise<unknown>> = {
    'at rest': () => sleep(restMs),
    import: async () => (release = await importOne(etl, dir, scratch)),
    publish: async () => {
      await etl('publish', `${release}`)
      await sleep(afterwardsMs)
    },
    'drop of the release before': async () => {
      await etl('drop', `${release - 1}`)
      await sleep(afterwardsMs)
    },
  }
  const windows: Window[] = []
  for (const phase of phases) {
    const fromMs = performance.now()
    await work[phase]()
    windows.push({ phase, fromMs, toMs: performance.now() })
  }
  return windows
}

const summarise = ({ phase, fromMs, toMs }: Window, { temperature, reads }: Load): PhaseReads => {
  const inside = reads.reads.filter(({ dueMs }) => dueMs >= fromMs && dueMs < toMs)
  const ascending = Float64Array.from(inside, ({ latencyMs }) => latencyMs).toSorted()
  return {
    phase,
    temperature,
    reads: inside.length,
    p50Ms: quantile(ascending, 0.5),
    p99Ms: quantile(ascending, 0.99),
    maxMs: ascending.at(-1) ?? Number.NaN,
    failed: inside.filter(isFailed).length,
  }
}

const isFailed = ({ status }: Read) => status === 0 || status >= 500
