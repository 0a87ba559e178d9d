import { formatNumber } from '../bench/format.ts'
import { type Spread, spreadOf } from '../bench/statistics.ts'
import { conditionsLine } from './conditions-line.ts'
import { type PhaseReads, phases, temperatures } from './measure-reads.ts'
import type { ReadsResult } from './results.ts'
import { table } from './markdown-table.ts'

/** How long reads took beside the ETL, as a section of the README. */
export const readsMarkdown = (result: ReadsResult): string =>
  [
    `${conditionsLine(result)} ${formatNumber(result.readsPerSecond)} reads a second of each service, at a steady rate, ` +
      `each measured from the moment it was due. Medians of ${result.rounds} rounds, with the extremes. Warm: from the ` +
      'cache of the process. Cold: every read asks the database.',
    table(
      ['reads', 'while', 'p50 ms', 'p99 ms', 'longest ms', 'reads measured', 'failed'],
      temperatures.flatMap((temperature) =>
        phases.map((phase) => [
          temperature,
          phase,
          ...figures(
            result.reads.filter((of) => of.phase === phase && of.temperature === temperature),
          ),
        ]),
      ),
    ),
  ].join('\n\n')

const figures = (rounds: readonly PhaseReads[]) => [
  formatRange(spreadOf(rounds.map(({ p50Ms }) => p50Ms))),
  formatRange(spreadOf(rounds.map(({ p99Ms }) => p99Ms))),
  formatRange(spreadOf(rounds.map(({ maxMs }) => maxMs))),
  formatNumber(sum(rounds.map(({ reads }) => reads))),
  formatNumber(sum(rounds.map(({ failed }) => failed))),
]

const formatRange = ({ median, min, max }: Spread) =>
  `${formatNumber(median)} (${formatNumber(min)} to ${formatNumber(max)})`

const sum = (numbers: readonly number[]) => numbers.reduce((all, each) => all + each, 0)
