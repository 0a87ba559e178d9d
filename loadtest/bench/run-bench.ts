import { execFile } from 'node:child_process'
import { mkdir, rm } from 'node:fs/promises'
import { resolve } from 'node:path'
import { promisify } from 'node:util'
import { autocannon } from './autocannon.ts'
import { openCatalogue } from './catalogue.ts'
import type { ContestantName } from './contestant.ts'
import { contestants } from './contestants.ts'
import { checkContestants } from './contract-check.ts'
import { measureFootprint } from './footprint.ts'
import { formatNumber } from './format.ts'
import { judgeGoals } from './goals.ts'
import { measureGrowth } from './growth.ts'
import { currentCommit, describeMachine } from './machine.ts'
import type { BenchOptions } from './options.ts'
import { openPostgres } from './postgres.ts'
import { checkTable, goalTable, growthTable, rateTable, workloadTable } from './print.ts'
import { measureRates } from './rates.ts'
import type { BenchResult, RateWorkloadResult, RoundResult } from './results.ts'
import { type RoundPlan, playRounds } from './rounds.ts'
import { publishResult, saveResult } from './save.ts'
import type { Stage } from './stage.ts'
import { whichProgram } from './which-program.ts'
import { findWorkload } from './workloads.ts'
import { wrk } from './wrk.ts'

/** V8 compiles what is hot within some thousand requests; the slowest contestants make a thousand a second. */
const warmUpSecondsMin = 2
const warmUpShare = 1 / 3
const smokeWarmUpSeconds = 1

interface Bench {
  readonly stage: Stage
  readonly options: BenchOptions
  readonly names: readonly ContestantName[]
  readonly plan: RoundPlan
}

/** Runs what the options ask for and says on screen how it goes; `command` is how it was called. False: an answer was wrong. */
export const runBench = async (options: BenchOptions, command: string): Promise<boolean> => {
  const startedAt = new Date()
  const buildSeconds = await timeBuilds(options.parts.includes('footprint') ? 3 : 1)
  const stage = await openStage(options)
  const absent = await findAbsent(options.only)
  const names = options.only.filter((name) => absent[name] === undefined)
  const plan = {
    rounds: options.rounds,
    seconds: options.duration,
    warmUpSeconds: options.smoke
      ? smokeWarmUpSeconds
      : Math.max(warmUpSecondsMin, Math.ceil(options.duration * warmUpShare)),
  }
  const bench = { stage, options, names, plan }
  const isRight = !options.smoke || (await checkAnswers(bench))
  const before: BenchResult = {
    startedAt: startedAt.toISOString(),
    minutes: 0,
    command,
    commit: await currentCommit(),
    machine: await describeMachine(stage.postgres),
    products: options.products,
    rounds: plan.rounds,
    seconds: plan.seconds,
    connections: stage.connections,
    generator: stage.generator.name,
    absent,
    workloads: [],
    rates: [],
    growth: [],
  }
  const result = await measureParts(bench, before, buildSeconds)
  if (judgeGoals(result).length > 0) say(goalTable(result))
  say(`${formatNumber(result.minutes)} minutes; the page: ${await saveResult(result)}`)
  if (options.publish) await publishResult(result)
  return isRight
}

// Saved after each step: an hour is not lost when the last minute fails.
const measureParts = async (
  bench: Bench,
  before: BenchResult,
  buildSeconds: readonly number[],
): Promise<BenchResult> => {
  let result = before
  const add = async (more: Partial<BenchResult>) => {
    const minutes = (Date.now() - Date.parse(before.startedAt)) / 60_000
    result = { ...result, ...more, minutes }
    await saveResult(result)
  }
  const { parts } = bench.options
  if (parts.includes('workloads')) {
    for (const name of bench.options.workload) {
      const workload = await measureWorkload(bench, name)
      if (workload) await add({ workloads: [...result.workloads, workload] })
    }
  }
  if (parts.includes('rates')) {
    const onRate = (rate: RateWorkloadResult) => say(rateTable(rate))
    await add({ rates: await measureRates(bench.stage, bench.names, bench.plan, onRate) })
  }
  if (parts.includes('growth')) {
    const growth = await measureGrowth(bench.stage, bench.names, bench.plan, say)
    growth.forEach((each) => say(growthTable(each)))
    await add({ growth })
  }
  if (parts.includes('footprint')) {
    await add({ footprint: await measureFootprint(bench.stage, buildSeconds) })
  }
  return result
}

const measureWorkload = async ({ stage, names, plan }: Bench, name: string) => {
  const workload = findWorkload(name)
  const taking = workload.contestants.filter((each) => names.includes(each))
  if (taking.length === 0) return undefined
  say(`\n${workload.title}`)
  const { title } = workload
  const onRound = (who: ContestantName, round: RoundResult) => say(roundLine(who, round))
  const result = {
    name,
    title,
    contestants: await playRounds(stage, workload, taking, plan, onRound),
  }
  say(workloadTable(result))
  return result
}

const roundLine = (who: ContestantName, { requestsPerSecond, p99Ms, serverMicros }: RoundResult) =>
  `  ${who.padEnd(18)} ${formatNumber(requestsPerSecond).padStart(8)} requests/s, p99 ${formatNumber(p99Ms)} ms` +
  (serverMicros === undefined ? '' : `, server ${formatNumber(serverMicros)} µs`)

const checkAnswers = async ({ stage, names }: Bench) => {
  const checked = await checkContestants(stage, names)
  say(checkTable(checked))
  return checked.every(({ mistakes }) => mistakes.length === 0)
}

const openStage = async (options: BenchOptions): Promise<Stage> => {
  const directory = resolve('.data', 'bench', 'run')
  await rm(directory, { recursive: true, force: true })
  await mkdir(directory, { recursive: true })
  const postgres = await openPostgres(directory)
  const generator = (await whichProgram('wrk')) === undefined ? autocannon : wrk
  say(`PostgreSQL ${postgres.version}; load by ${generator.name}`)
  return {
    postgres,
    catalogue: await openCatalogue(postgres, options.products, say),
    generator,
    directory,
    connections: options.connections,
  }
}

const findAbsent = async (names: readonly ContestantName[]) => {
  const absent: Partial<Record<ContestantName, string>> = {}
  for (const name of names) {
    const why = await contestants[name].missing()
    if (why === undefined) continue
    absent[name] = why
    say(`${name} does not take part: ${why}`)
  }
  return absent
}

// As a user types it, npm's own half second included.
const timeBuilds = async (times: number): Promise<readonly number[]> => {
  const seconds: number[] = []
  for (let build = 0; build < times; build++) {
    const begin = performance.now()
    await promisify(execFile)('npm', ['run', 'build'])
    seconds.push((performance.now() - begin) / 1000)
  }
  return seconds
}

const say = (text: string) => console.log(text)
