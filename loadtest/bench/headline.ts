import type { ContestantName } from './contestant.ts'
import { formatNumber, formatSpread } from './format.ts'
import type { BenchResult, RoundResult } from './results.ts'
import { spreadOf } from './statistics.ts'

/** The heads of the columns of `headline`. */
export const headlineColumns = ['who', 'work', 'requests/s', 'failed', 'its authors claim']

/** What one and several processes sustain, beside what is said of the known designs; the figures are those of this run. */
export const headline = (result: BenchResult): readonly (readonly string[])[] => [
  ...alone(result, 'product-overview', 'styles-zipf', 'this service, one process', '–'),
  ...alone(result, 'product-overview', 'styles-cold', 'this service, one process', '–'),
  ...severalInstances(result),
  ...alone(result, 'design-1', 'styles-cold', 'design 1', '1,200 (styles), 2,000 (list, product)'),
  ...alone(result, 'design-2', 'styles-zipf', 'design 2', '4,000 (hot set)'),
]

const alone = (
  { workloads }: BenchResult,
  contestant: ContestantName,
  workload: string,
  who: string,
  claim: string,
) => {
  const measured = workloads.find(({ name }) => name === workload)
  const rounds = measured?.contestants.find(({ name }) => name === contestant)?.rounds
  return measured && rounds ? [[who, measured.title, ...sustained(rounds), claim]] : []
}

const severalInstances = ({ growth }: BenchResult) =>
  (growth.find(({ name }) => name === 'instances')?.lines ?? []).flatMap(({ title, points }) => {
    const last = points.at(-1)
    return last
      ? [[`this service, ${last.at} processes`, title, ...sustained(last.rounds), '–']]
      : []
  })

const sustained = (rounds: readonly RoundResult[]) => {
  const failed = rounds.reduce((sum, round) => sum + round.failed, 0)
  return [
    formatSpread(spreadOf(rounds.map((round) => round.requestsPerSecond))),
    formatNumber(failed),
  ]
}
