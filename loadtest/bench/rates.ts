import { runConstantRate } from './constant-rate.ts'
import type { ContestantName } from './contestant.ts'
import { contestants } from './contestants.ts'
import type { RateWorkloadResult, WorkloadResult } from './results.ts'
import { type RoundPlan, playRound } from './rounds.ts'
import type { Stage } from './stage.ts'
import { spreadOf } from './statistics.ts'
import type { Workload } from './workloads.ts'

/** The share of the capacity at which latency is measured: where a service is run, not where it breaks. */
const shareOfCapacity = 0.7

/** The workloads and contestants whose latency is of interest. */
export const ratedWorkloads = ['styles-cold', 'styles-hot'] as const
const ratedContestants = new Set<ContestantName>(['product-overview', 'design-1', 'design-2'])

/**
 * Latency of an open load at 70 % of the capacity that the closed load found in this run. Each contestant is given 70 %
 * of its own: the slower ones are asked for less.
 */
export const playRates = async (
  stage: Stage,
  workload: Workload,
  { contestants: measured, title }: WorkloadResult,
  plan: RoundPlan,
): Promise<RateWorkloadResult> => {
  const rated = measured
    .filter(({ name }) => ratedContestants.has(name))
    .map(({ name, rounds }) => ({
      name,
      capacity: spreadOf(rounds.map((round) => round.requestsPerSecond)).median,
      rounds: [] as RateWorkloadResult['contestants'][number]['rounds'][number][],
    }))
  const traffic = workload.traffic(stage.catalogue)
  for (let round = 0; round < plan.rounds; round++) {
    for (const { name, capacity, rounds } of rated) {
      const running = await contestants[name].start(stage, workload)
      try {
        // Warm from the closed load, whose figures are not kept.
        await playRound(stage, workload, running, traffic, { ...plan, seconds: 1, round })
        const result = await runConstantRate({
          origin: running.origin,
          traffic,
          start: round,
          seconds: plan.seconds,
          requestsPerSecond: Math.floor(capacity * shareOfCapacity),
          connections: stage.connections,
        })
        rounds.push(result)
      } finally {
        await running.stop()
      }
    }
  }
  return { name: workload.name, title, contestants: rated }
}
