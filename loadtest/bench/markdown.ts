import { formatMegabytes, formatNumber, formatSpread } from './format.ts'
import { judgeGoals } from './goals.ts'
import { headline, headlineColumns } from './headline.ts'
import type { BenchResult, GrowthResult } from './results.ts'
import { rateColumns, spreadIn, summarise, summariseRates, summaryColumns } from './summary.ts'

/** The result as a section of loadtest/RESULTS.md. */
export const resultMarkdown = (result: BenchResult): string =>
  [
    '## The bench',
    conditions(result),
    '[The same with plots](results/published-bench.html), [as JSON](results/published-bench.json).',
    '### What is sustained',
    table(headlineColumns, headline(result)),
    '### Goals',
    goalTable(result),
    ...result.workloads.flatMap((workload) => [
      `### ${workload.title}`,
      table(
        summaryColumns,
        summarise(workload).map(({ cells }) => cells),
      ),
    ]),
    ...result.rates.flatMap((rate) => [
      `### ${rate.title}: an open load at 70 % of each one's capacity`,
      table(rateColumns, summariseRates(rate)),
    ]),
    ...result.growth.flatMap((growth) => [`### ${growth.title} (requests/s)`, growthTable(growth)]),
  ].join('\n\n')

const conditions = ({ startedAt, commit, command, machine, generator, ...result }: BenchResult) => {
  const versions = Object.entries(machine.versions).map(([name, version]) => `${name} ${version}`)
  return (
    `${startedAt.slice(0, 10)}, commit \`${commit}\`: \`${command}\`. ${machine.cores} cores ` +
    `(${machine.cpu}), ${formatMegabytes(machine.memoryBytes)} MB, ${machine.system}; ${versions.join(', ')}. ` +
    `${formatNumber(result.products)} products, ${result.rounds} rounds of ${result.seconds} s, ` +
    `${result.connections} connections by ${generator}, all on one machine. ` +
    'Medians of the rounds, ± the extremes; CPU time for one request, PostgreSQL and Redis or NGINX apart.'
  )
}

const goalTable = (result: BenchResult) =>
  table(
    ['work', 'goal', 'measured', ''],
    judgeGoals(result).map(({ work, goal, reached, isReached }) => [
      work,
      goal,
      formatSpread(reached),
      isReached ? 'reached' : '**missed**',
    ]),
  )

const growthTable = ({ axis, lines }: GrowthResult) =>
  table(
    [axis, ...(lines[0]?.points ?? []).map(({ at }) => formatNumber(at))],
    lines.map(({ title, points }) => [
      title,
      ...points.map(({ rounds }) => {
        const rate = spreadIn(rounds, (round) => round.requestsPerSecond)
        return rate ? formatSpread(rate) : '–'
      }),
    ]),
  )

const table = (head: readonly string[], rows: readonly (readonly string[])[]) =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
