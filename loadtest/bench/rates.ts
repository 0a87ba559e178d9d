import { runConstantRate } from './constant-rate.ts'
import type { ContestantName } from './contestant.ts'
import { contestants } from './contestants.ts'
import type { RateRound, RateWorkloadResult } from './results.ts'
import { type NumberedRound, type RoundPlan, playRound } from './rounds.ts'
import type { Stage } from './stage.ts'
import { type Workload, findWorkload } from './workloads.ts'

/** The share of the capacity at which latency is measured: where a service is run, not where it breaks. */
const shareOfCapacity = 0.7

/** The workloads whose latency is of interest. */
const ratedWorkloads = ['styles-cold', 'styles-hot'] as const

/** A constant from node:http is the floor: it shows what the machine and the generator themselves add. */
const ratedContestants: readonly ContestantName[] = [
  'product-overview',
  'design-1',
  'design-2',
  'node-constant',
]

/**
 * Latency of an open load at 70 % of what a closed load got from the same process just before: a shared machine changes its speed
 * within minutes. Each contestant is given 70 % of its own capacity: the slower ones are asked for less.
 */
export const measureRates = async (
  stage: Stage,
  names: readonly ContestantName[],
  plan: RoundPlan,
  onResult: (rate: RateWorkloadResult) => void,
): Promise<readonly RateWorkloadResult[]> => {
  const rates = []
  for (const workload of ratedWorkloads.map(findWorkload)) {
    const rate = await measureWorkload(stage, workload, names, plan)
    onResult(rate)
    rates.push(rate)
  }
  return rates
}

const measureWorkload = async (
  stage: Stage,
  workload: Workload,
  names: readonly ContestantName[],
  plan: RoundPlan,
): Promise<RateWorkloadResult> => {
  const rated = ratedContestants
    .filter((name) => names.includes(name))
    .map((name) => ({ name, rounds: [] as RateRound[] }))
  for (let round = 0; round < plan.rounds; round++) {
    for (const { name, rounds } of rated) {
      rounds.push(await measureContestant(stage, workload, name, { ...plan, round }))
    }
  }
  return { name: workload.name, title: workload.title, contestants: rated }
}

const measureContestant = async (
  stage: Stage,
  workload: Workload,
  name: ContestantName,
  plan: NumberedRound,
): Promise<RateRound> => {
  const running = await contestants[name].start(stage, workload)
  try {
    const traffic = workload.traffic(stage.catalogue)
    const { requestsPerSecond: capacity } = await playRound(stage, workload, running, traffic, plan)
    const result = await runConstantRate({
      origin: running.origin,
      traffic,
      start: plan.round,
      seconds: plan.seconds,
      requestsPerSecond: Math.floor(capacity * shareOfCapacity),
      connections: stage.connections,
    })
    return { ...result, capacity }
  } finally {
    await running.stop()
  }
}
