import Table from 'cli-table3'
import { contestants } from './contestants.ts'
import type { CheckedContestant } from './contract-check.ts'
import { formatNumber, formatSpread } from './format.ts'
import { type GoalResult, judgeGoals } from './goals.ts'
import type { BenchResult, GrowthResult, RateWorkloadResult, WorkloadResult } from './results.ts'
import { rateColumns, spreadIn, summarise, summariseRates, summaryColumns } from './summary.ts'

/** The table of one workload, as text. */
export const workloadTable = (workload: WorkloadResult): string =>
  titled(
    workload.title,
    summaryColumns,
    summarise(workload).map(({ cells }) => cells),
  )

/** Latency at a share of the capacity, as text. */
export const rateTable = (rate: RateWorkloadResult): string =>
  titled(
    `${rate.title}, open load at 70 % of each one's capacity`,
    rateColumns,
    summariseRates(rate),
  )

/** How a workload grows, as text: requests a second. */
export const growthTable = ({ title, axis, lines }: GrowthResult): string => {
  const places = lines[0]?.points.map(({ at }) => formatNumber(at)) ?? []
  const rows = lines.map((line) => [
    line.title,
    ...line.points.map(({ rounds }) => {
      const rate = spreadIn(rounds, (round) => round.requestsPerSecond)
      return rate ? formatSpread(rate) : '–'
    }),
  ])
  return titled(`${title} (requests/s)`, [axis, ...places], rows)
}

/** What was aimed at and what came of it, as text. */
export const goalTable = (result: BenchResult): string =>
  titled('Goals', ['work', 'goal', 'measured', ''], judgeGoals(result).map(goalRow))

const goalRow = ({ work, goal, reached, isReached }: GoalResult) => [
  work,
  goal,
  formatSpread(reached),
  isReached ? 'reached' : 'missed',
]

/** What the check of the answers found, as text. */
export const checkTable = (checked: readonly CheckedContestant[]): string =>
  titled(
    'Answers beside the contract, byte for byte',
    ['contestant', 'answers', 'known faults seen', 'mistakes'],
    checked.map(({ name, checked: answers, faults, mistakes }) => [
      contestants[name].title,
      `${answers}`,
      faults.map(({ says }) => says).join('; ') || 'none',
      mistakes.length === 0 ? 'none' : `${mistakes.length}, the first: ${mistakes[0]}`,
    ]),
  )

const columnWidthMax = 44

const titled = (title: string, head: readonly string[], rows: readonly (readonly string[])[]) => {
  const colWidths = head.map((text, column) => {
    const texts = [text, ...rows.map((cells) => cells[column] ?? '')]
    return Math.min(columnWidthMax, Math.max(...texts.map(({ length }) => length)) + 2)
  })
  const table = new Table({
    head: [...head],
    colWidths,
    wordWrap: true,
    style: { head: [], border: [] },
    // Without a line between every two rows.
    chars: { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' },
  })
  table.push(...rows.map((cells) => [...cells]))
  return `\n${title}\n${table.toString()}`
}
