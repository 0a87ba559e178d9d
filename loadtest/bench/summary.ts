import { contestants } from './contestants.ts'
import { formatMegabytes, formatNumber, formatSpread } from './format.ts'
import { pairedRatio } from './goals.ts'
import type { ContestantName } from './contestant.ts'
import type {
  ContestantResult,
  RateWorkloadResult,
  RoundResult,
  WorkloadResult,
} from './results.ts'
import { type Spread, spreadOf } from './statistics.ts'

/** A workload in words, ready for a table on the screen, in Markdown or in the page. */
export interface SummaryRow {
  readonly name: ContestantName
  readonly cells: readonly string[]
}

/** The heads of the columns of a summary; the first one is the contestant. */
export const summaryColumns = [
  'contestant',
  'requests/s',
  'ours ÷ theirs',
  'p50 ms',
  'p99 ms',
  'server µs',
  'PostgreSQL µs',
  'Redis, NGINX µs',
  'bytes',
  'RSS MB',
  'failed',
] as const

/** One row a contestant: medians of the rounds, the spread of the rate, and how many times as fast we are. */
export const summarise = ({ contestants: results }: WorkloadResult): readonly SummaryRow[] => {
  const ours = results.find(({ name }) => name === 'product-overview' || name === 'behind-nginx')
  return results.map((result) => ({
    name: result.name,
    cells: [contestants[result.name].title, ...figures(result, ours)],
  }))
}

/** The heads of the columns of `summariseRates`; late: by how much the generator itself was, which the latencies contain. */
export const rateColumns = ['contestant', 'requests/s', 'p50 ms', 'p99 ms', 'late p99 ms', 'failed']

/** One row a contestant whose latency was measured at a fixed rate. */
export const summariseRates = ({
  contestants: rated,
}: RateWorkloadResult): readonly (readonly string[])[] =>
  rated.map(({ name, rounds }) => [
    contestants[name].title,
    formatNumber(spreadOf(rounds.map((round) => round.requestsPerSecond)).median),
    formatSpread(spreadOf(rounds.map((round) => round.p50Ms))),
    formatSpread(spreadOf(rounds.map((round) => round.p99Ms))),
    formatSpread(spreadOf(rounds.map((round) => round.lateP99Ms))),
    formatNumber(rounds.reduce((sum, { failed }) => sum + failed, 0)),
  ])

/** The rounds of one figure together; undefined when it was not measured. */
export const spreadIn = (
  rounds: readonly RoundResult[],
  pick: (round: RoundResult) => number | undefined,
): Spread | undefined => {
  const values = rounds.flatMap((round) => pick(round) ?? [])
  return values.length === 0 ? undefined : spreadOf(values)
}

const figures = ({ rounds }: ContestantResult, ours: ContestantResult | undefined): string[] => {
  const rate = spreadIn(rounds, (round) => round.requestsPerSecond)
  return [
    rate ? formatSpread(rate) : '–',
    ours && ours.rounds !== rounds ? ratioText(ours.rounds, rounds) : '–',
    median(rounds, (round) => round.p50Ms),
    median(rounds, (round) => round.p99Ms),
    median(rounds, (round) => round.serverMicros),
    median(rounds, (round) => round.postgresMicros),
    median(rounds, (round) => round.helperMicros),
    median(rounds, (round) => round.bytesPerRequest || undefined),
    median(rounds, (round) => round.rssBytes, formatMegabytes),
    formatNumber(rounds.reduce((sum, round) => sum + round.failed, 0)),
  ]
}

const ratioText = (ours: readonly RoundResult[], theirs: readonly RoundResult[]) => {
  const ratios = pairedRatio(ours, theirs, (round) => round.requestsPerSecond)
  return ratios.length === 0 ? '–' : `${formatNumber(spreadOf(ratios).median)} ×`
}

const median = (
  rounds: readonly RoundResult[],
  pick: (round: RoundResult) => number | undefined,
  format: (value: number) => string = formatNumber,
) => {
  const spread = spreadIn(rounds, pick)
  return spread === undefined ? '–' : format(spread.median)
}
