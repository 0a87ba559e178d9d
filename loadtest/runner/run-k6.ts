import { execFileSync, spawn, spawnSync } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { parseRecord } from './k6-record.ts'
import type { K6Record } from './k6-record.ts'
import { parseSummary } from './k6-summary.ts'
import type { K6Summary } from './k6-summary.ts'
import { legsOf } from './legs.ts'
import type { Leg } from './legs.ts'

const periodsMax = 300

interface K6Options {
  readonly k6: string
  readonly scenario: string
  /** LOAD_… variables: what the scenario is told. */
  readonly settings: Readonly<Record<string, string>>
  /** Cores of this machine that the generator may use; undefined for all. */
  readonly cores: number | undefined
  readonly dashboardFile: string
  /** For files that are not kept. */
  readonly folder: string
  readonly onStart: (pid: number) => void
  readonly signal: AbortSignal
}

export interface K6Run {
  /** 0 when every promise was kept, 99 when one was broken; others are k6's own failures. */
  readonly exitCode: number
  readonly legs: readonly Leg[]
  readonly summary: K6Summary
  readonly record: K6Record
}

/** Runs one scenario with k6 to its end. Throws when k6 could not run it at all. */
export async function runK6(options: K6Options): Promise<K6Run> {
  const script = fileURLToPath(new URL(`../scenarios/${options.scenario}.ts`, import.meta.url))
  const recordFile = join(options.folder, 'record.ndjson')
  const summaryFile = join(options.folder, 'summary.json')
  const env = { ...process.env, ...options.settings, ...generatorEnv(options.cores) }
  const legs = legsOf(inspect(options.k6, script, env))
  const periodS = Math.max(1, Math.ceil(Math.max(...legs.map(({ endS }) => endS)) / periodsMax))

  const quiet = process.stdout.isTTY ? [] : ['--quiet']
  const run = [options.k6, 'run', ...quiet, '--summary-export', summaryFile, script]
  const [program = '', ...args] = [...pinning(options.cores), ...run]
  const dashboard = dashboardEnv(options.dashboardFile, recordFile, periodS)
  const child = spawn(program, args, { stdio: 'inherit', env: { ...env, ...dashboard } })
  await once(child, 'spawn')
  options.onStart(child.pid as number)
  options.signal.addEventListener('abort', () => endInOrder(child, options.signal))
  const [code] = (await once(child, 'exit')) as [number | null]
  const exitCode = code ?? 1
  if (!existsSync(summaryFile))
    throw new Error(`k6 ended with code ${exitCode} before the load began`)
  return {
    exitCode,
    legs,
    summary: parseSummary(readFileSync(summaryFile, 'utf8')),
    record: parseRecord(readFileSync(recordFile, 'utf8')),
  }
}

// `k6 run` sees the environment by itself, `k6 inspect` only when told to.
function inspect(k6: string, script: string, env: NodeJS.ProcessEnv): string {
  return execFileSync(k6, ['inspect', '--include-system-env-vars', script], {
    encoding: 'utf8',
    env,
  })
}

// Ctrl-C reaches k6 from the terminal; a second signal would make it drop everything.
function endInOrder(child: ChildProcess, signal: AbortSignal): void {
  if (signal.reason !== 'SIGINT') child.kill('SIGTERM')
}

// The dashboard sorts all latencies since the beginning once a period. Bounded periods bound that: a run
// of an hour gets a point every 12 s rather than 3,600 sorts of ever more numbers.
function dashboardEnv(html: string, record: string, periodS: number): Record<string, string> {
  return {
    K6_WEB_DASHBOARD: 'true',
    // No port: nobody watches, and a port would be one more thing to be taken.
    K6_WEB_DASHBOARD_PORT: '-1',
    K6_WEB_DASHBOARD_PERIOD: `${periodS}s`,
    K6_WEB_DASHBOARD_EXPORT: html,
    K6_WEB_DASHBOARD_RECORD: record,
    K6_WEB_DASHBOARD_TAGS: 'cache,answer',
  }
}

function generatorEnv(cores: number | undefined): Record<string, string> {
  return {
    K6_NO_USAGE_REPORT: 'true',
    K6_AUTO_EXTENSION_RESOLUTION: 'false',
    // Go collects garbage a quarter as often: some 10 % less CPU a request, for memory.
    GOGC: '400',
    ...(cores === undefined ? {} : { GOMAXPROCS: String(cores) }),
  }
}

// The last cores are the generator's; the service may use all of them, and finds the first ones free.
function pinning(cores: number | undefined): string[] {
  if (cores === undefined || spawnSync('taskset', ['--version']).status !== 0) return []
  const all = availableParallelism()
  return ['taskset', '--cpu-list', `${all - cores}-${all - 1}`]
}
