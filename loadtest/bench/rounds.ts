import { askAll, withEtags } from './ask-all.ts'
import type { ContestantName, Running } from './contestant.ts'
import { contestants } from './contestants.ts'
import type { LoadPlan, LoadResult } from './load.ts'
import { costOf } from './process-cost.ts'
import type { ContestantResult, RoundResult } from './results.ts'
import type { Stage } from './stage.ts'
import type { Traffic } from './traffic.ts'
import type { Workload } from './workloads.ts'

export interface RoundPlan {
  readonly rounds: number
  readonly seconds: number
  readonly warmUpSeconds: number
}

export interface NumberedRound extends RoundPlan {
  /** From 0: each round begins elsewhere in the traffic. */
  readonly round: number
}

/**
 * Has the contestants do the workload in turn, round after round, each time in fresh processes. Every other round goes
 * backwards, so that a machine that becomes slower or faster meanwhile favours nobody.
 */
export const playRounds = async (
  stage: Stage,
  workload: Workload,
  names: readonly ContestantName[],
  plan: RoundPlan,
  onRound: (name: ContestantName, round: RoundResult) => void,
): Promise<readonly ContestantResult[]> => {
  const traffic = workload.traffic(stage.catalogue)
  const results = new Map(names.map((name) => [name, [] as RoundResult[]]))
  for (let round = 0; round < plan.rounds; round++) {
    for (const name of round % 2 === 0 ? names : names.toReversed()) {
      const start = () => contestants[name].start(stage, workload)
      const result = await playFresh(stage, workload, start, traffic, { ...plan, round })
      results.get(name)?.push(result)
      onRound(name, result)
    }
  }
  return [...results].map(([name, rounds]) => ({ name, rounds }))
}

/** Starts somebody for one round and stops it afterwards, whatever happened. */
export const playFresh = async (
  stage: Stage,
  workload: Workload,
  start: () => Promise<Running>,
  traffic: Traffic,
  plan: NumberedRound,
): Promise<RoundResult> => {
  const running = await start()
  try {
    return await playRound(stage, workload, running, traffic, plan)
  } finally {
    await running.stop()
  }
}

/** One round with somebody who has just been started: fills, warms up and measures. */
export const playRound = async (
  stage: Stage,
  workload: Workload,
  running: Running,
  traffic: Traffic,
  { round, rounds, seconds, warmUpSeconds }: NumberedRound,
): Promise<RoundResult> => {
  const remembered = workload.conditional ? await withEtags(running.origin, traffic) : traffic
  if (workload.wanted && running.fillsByAsking) {
    const wanted = { template: traffic.template, numbers: workload.wanted(stage.catalogue) }
    await askAll(running.origin, wanted, stage.connections)
  }
  const stride = Math.floor(traffic.numbers.length / (2 * rounds))
  const plan = {
    origin: running.origin,
    traffic: remembered,
    connections: workload.connections ?? stage.connections,
    directory: stage.directory,
  }
  const load = running.load ?? stage.generator.run
  await load({ ...plan, start: 2 * round * stride, seconds: warmUpSeconds })
  return measure(stage, running, load, { ...plan, start: (2 * round + 1) * stride, seconds })
}

const measure = async (
  { postgres }: Stage,
  running: Running,
  load: (plan: LoadPlan) => Promise<LoadResult>,
  plan: LoadPlan,
): Promise<RoundResult> => {
  const groups = {
    serverMicros: running.serverPids,
    postgresMicros: postgres.postmasterPid === undefined ? [] : [postgres.postmasterPid],
    helperMicros: running.helperPids,
  }
  const before = await costsOf(groups)
  const result = await load(plan)
  const after = await costsOf(groups)
  const micros = Object.keys(groups).flatMap((name) => {
    const [from, to] = [before[name], after[name]]
    return from && to ? [[name, (to.cpuMicros - from.cpuMicros) / result.requests]] : []
  })
  return {
    requestsPerSecond: result.requests / result.seconds,
    p50Ms: result.p50Ms,
    p99Ms: result.p99Ms,
    bytesPerRequest: result.bytes / result.requests,
    failed: result.failed,
    ...(Object.fromEntries(micros) as Partial<RoundResult>),
    ...(after['serverMicros'] && { rssBytes: after['serverMicros'].rssBytes }),
  }
}

const costsOf = async (groups: Readonly<Record<string, readonly number[]>>) => {
  const measured = Object.entries(groups).filter(([, pids]) => pids.length > 0)
  return Object.fromEntries(
    await Promise.all(measured.map(async ([name, pids]) => [name, await costOf(pids)] as const)),
  )
}
