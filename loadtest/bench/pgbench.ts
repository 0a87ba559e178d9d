import { execFile } from 'node:child_process'
import { readFile, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Running } from './contestant.ts'
import type { LoadPlan, LoadResult } from './load.ts'
import type { Stage } from './stage.ts'
import { quantile } from './statistics.ts'
import type { Workload } from './workloads.ts'

// As many connections as keep two cores busy; with 64 the same machine does a tenth less.
const clients = 8
// A line for every transaction would cost more than the transaction.
const sampledShare = 0.05
const logPrefix = 'pgbench-log'

/** pgbench reading one stored document a transaction: what PostgreSQL gives when nothing stands before it. */
export const startPgbench = (stage: Stage, { caches }: Workload): Promise<Running> =>
  Promise.resolve({
    origin: '',
    serverPids: [],
    helperPids: [],
    fillsByAsking: false,
    load: (plan) => runPgbench(stage, caches === 'off' ? 'styles-uniform' : 'styles-hot', plan),
    stop: () => Promise.resolve(),
  })

const runPgbench = async (
  { catalogue }: Stage,
  script: 'styles-uniform' | 'styles-hot',
  { seconds, directory }: LoadPlan,
): Promise<LoadResult> => {
  await removeLogs(directory)
  // Not among the arguments, which everybody on the machine can read.
  const url = new URL(catalogue.releaseUrl)
  const password = decodeURIComponent(url.password)
  url.password = ''
  const sql = join(process.cwd(), 'loadtest', 'peers', 'pgbench', `${script}.sql`)
  const { stdout } = await promisify(execFile)(
    'pgbench',
    [
      '--no-vacuum',
      '--protocol=prepared',
      `--file=${sql}`,
      `--client=${clients}`,
      '--jobs=1',
      `--time=${Math.max(1, Math.round(seconds))}`,
      `--define=products=${catalogue.byPopularity.length}`,
      `--define=id=${catalogue.typicalId}`,
      '--log',
      `--log-prefix=${logPrefix}`,
      `--sampling-rate=${sampledShare}`,
      url.href,
    ],
    { cwd: directory, env: { ...process.env, PGPASSWORD: password } },
  )
  return { ...parsePgbench(stdout), ...latencies(await readLogs(directory)), bytes: 0 }
}

/** Reads the summary that pgbench prints; throws when a figure is missing. */
export const parsePgbench = (
  output: string,
): Pick<LoadResult, 'requests' | 'seconds' | 'failed'> => {
  const figure = (pattern: RegExp) => {
    const text = pattern.exec(output)?.[1]
    if (text === undefined) throw new Error(`expected ${pattern} from pgbench, came: ${output}`)
    return Number(text)
  }
  const requests = figure(/transactions actually processed: (\d+)/)
  return {
    requests,
    seconds: requests / figure(/tps = ([\d.]+)/),
    failed: Number(/failed transactions: (\d+)/.exec(output)?.[1] ?? 0),
  }
}

/** The percentiles of a transaction log: the third word of a line is the time in µs. */
export const latencies = (log: string): Pick<LoadResult, 'p50Ms' | 'p99Ms'> => {
  const millis = log
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => Number(line.split(' ')[2]) / 1000)
  const ascending = Float64Array.from(millis).toSorted()
  return { p50Ms: quantile(ascending, 0.5), p99Ms: quantile(ascending, 0.99) }
}

const logsIn = async (directory: string) =>
  (await readdir(directory))
    .filter((name) => name.startsWith(logPrefix))
    .map((name) => join(directory, name))

const readLogs = async (directory: string) =>
  (await Promise.all((await logsIn(directory)).map((file) => readFile(file, 'utf8')))).join('')

const removeLogs = async (directory: string) => {
  for (const file of await logsIn(directory)) await rm(file)
}
