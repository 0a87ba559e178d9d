import { formatMegabytes, formatNumber, formatSpread } from '../bench/format.ts'
import { type Spread, spreadOf } from '../bench/statistics.ts'
import { conditionsLine } from './conditions-line.ts'
import type { Load } from './load.ts'
import { table } from './markdown-table.ts'
import { type EtlBenchResult, type LevelResult, ratioOf, type Round } from './results.ts'
import { fileNames } from './source-folders.ts'
import { works } from './work.ts'

const ratioMax = 3
const rssBytesMax = 300e6

/** The result as a section of the README. */
export const resultMarkdown = (result: EtlBenchResult): string =>
  [
    `${conditionsLine(result)} Medians of ${result.levels[0]?.rounds.length ?? 0} rounds, ± the extremes.`,
    table(['', ...result.levels.map(({ level }) => `wal_level=${level}`)], figures(result.levels)),
    memory(result),
    ...result.levels.flatMap((level) => [
      `### Where the time goes, wal_level=${level.level}`,
      ...whereTimeGoes(level),
    ]),
    ...(result.growth.length > 0 ? ['### Growth', growth(result)] : []),
  ].join('\n\n')

const figures = (levels: readonly LevelResult[]) => {
  const row = (name: string, of: (round: Round) => number, format = formatSpread) => [
    name,
    ...levels.map(({ rounds }) => format(spreadOf(rounds.map(of)))),
  ]
  const bytes = (spread: Spread) => formatMegabytes(spread.median)
  return [
    row('(a) `psql \\copy`, seconds', ({ copy }) => copy.seconds),
    row('(b) `etl import`, seconds', (round) => round.import.seconds),
    row(`**(b) / (a)**, goal ≤ ${ratioMax}`, ratioOf, judged),
    row('(b) rows/s', (round) => totalOf(round.import).rows / round.import.seconds),
    row('(b) MB/s of CSV', (round) => totalOf(round.import).bytes / 1e6 / round.import.seconds),
    row('(a) CPU seconds of psql', ({ copy }) => copy.processCpuSeconds),
    row('(a) CPU seconds of PostgreSQL', ({ copy }) => copy.postgresCpuSeconds),
    row('(b) CPU seconds of Node', (round) => round.import.processCpuSeconds),
    row('(b) CPU seconds of PostgreSQL', (round) => round.import.postgresCpuSeconds),
    row('(b) peak memory of Node, MB', (round) => round.import.processRssBytesMax, bytes),
    row('(b) peak of temporary files, MB', (round) => round.import.tempBytesMax, bytes),
    row('(a) WAL, MB', ({ copy }) => copy.walBytes, bytes),
    row('(b) WAL, MB', (round) => round.import.walBytes, bytes),
  ]
}

const judged = (spread: Spread) =>
  `**${spread.median.toFixed(2)}** (${spread.min.toFixed(2)} to ${spread.max.toFixed(2)}), ` +
  (spread.median <= ratioMax ? 'reached' : 'missed')

const memory = ({ levels, sourceRssBytesMax }: EtlBenchResult) => {
  const bundle = Math.max(
    ...levels.flatMap(({ rounds }) => rounds.map((round) => round.import.processRssBytesMax)),
  )
  const isReached = Math.max(bundle, sourceRssBytesMax) <= rssBytesMax
  return (
    `Peak memory of the process: ${formatMegabytes(bundle)} MB from the bundle, ` +
    `${formatMegabytes(sourceRssBytesMax)} MB from source; goal ≤ ${formatMegabytes(rssBytesMax)} MB, ` +
    `${isReached ? 'reached' : 'missed'}.`
  )
}

const whereTimeGoes = ({ rounds }: LevelResult) => {
  const round = medianRound(rounds)
  return [
    table(
      ['file', 'rows', 'MB', '(a) s', 'rows/s', 'MB/s', '(b) s', 'rows/s', 'MB/s'],
      fileNames.map((name) => {
        const file = round.import.files[name]
        const own = [formatNumber(file.rows), formatMegabytes(file.bytes)]
        return [`${name}.csv`, ...own, ...speed(round.copy.files[name]), ...speed(file)]
      }),
    ),
    table(
      ['(b) by phase', 'connections busy, s', 'CPU seconds of PostgreSQL'],
      works.map((work) => [
        work,
        formatNumber(busySeconds(round, work)),
        formatNumber(round.import.postgresCpuSecondsBy[work]),
      ]),
    ),
  ]
}

const speed = ({ rows, bytes, seconds }: { rows: number; bytes: number; seconds: number }) => [
  formatNumber(seconds),
  formatNumber(rows / seconds),
  formatMegabytes(bytes / seconds),
]

const busySeconds = ({ import: { phases } }: Round, work: string) =>
  Object.entries(phases)
    .filter(([phase]) => (phase === 'document keys' ? work === 'keys' : phase === work))
    .reduce((sum, [, seconds]) => sum + seconds, 0)

const medianRound = (rounds: readonly Round[]) => {
  const sorted = rounds.toSorted((a, b) => a.import.seconds - b.import.seconds)
  return sorted[Math.floor(sorted.length / 2)] as Round
}

const growth = (result: EtlBenchResult) =>
  table(
    ['products', 'rows', '(a) s', '(b) s', '(b) / (a)', '(b) µs a row', '(b) peak memory, MB'],
    result.growth.map(({ products, round }) => {
      const { rows } = totalOf(round.import)
      return [
        formatNumber(products),
        formatNumber(rows),
        formatNumber(round.copy.seconds),
        formatNumber(round.import.seconds),
        ratioOf(round).toFixed(2),
        formatNumber((round.import.seconds * 1e6) / rows),
        formatMegabytes(round.import.processRssBytesMax),
      ]
    }),
  )

const totalOf = ({ files }: Load) => {
  const all = Object.values(files)
  return {
    rows: all.reduce((sum, { rows }) => sum + rows, 0),
    bytes: all.reduce((sum, { bytes }) => sum + bytes, 0),
  }
}
