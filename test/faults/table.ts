import Table from 'cli-table3'
import { inSeconds, type Row } from './row.ts'

/** What the columns mean that do not say it themselves. */
const legend =
  'worst gap: without a good answer; recovery: until the end of 2 s of quick answers, so 2.0 s when nothing was lost'

const counts = new Intl.NumberFormat('en')

/** The table of all rows, and below it what was outside of its bound and what else was measured. */
export const faultTable = (rows: readonly Row[]): string => {
  const table = new Table({
    head: [
      ...['fault', 'requests', 'failed', 'stale', '503', 'worst gap', 'recovery', 'bound', 'ok'],
    ],
    colAligns: ['left', 'right', 'right', 'right', 'right', 'right', 'right', 'left', 'left'],
    style: { head: [], border: [], compact: true },
  })
  table.push(...rows.map(cellsOf))
  return [table.toString(), legend, ...rows.flatMap(remarksOf)].join('\n')
}

const cellsOf = (row: Row) => [
  row.fault,
  ...[row.requests, row.failed, row.stale, row.refused].map((count) =>
    count === undefined ? '' : counts.format(count),
  ),
  ...[row.worstGapMs, row.recoveryMs].map((ms) => (ms === undefined ? '' : inSeconds(ms))),
  row.bound,
  row.broken.length === 0 ? 'yes' : 'NO',
]

const remarksOf = ({ fault, broken, notes = [] }: Row) => [
  ...broken.map((text) => `${fault}: outside of its bound: ${text}`),
  ...notes.map((text) => `${fault}: ${text}`),
]
