import Table from 'cli-table3'
import type { ImportSummary } from './import-summary.ts'

const counts = new Intl.NumberFormat('en')

/** The table at the end of an import: what became of each file's rows, the phases, and the outcome in a sentence. */
export function printSummary(summary: ImportSummary): string {
  return [files(summary), phases(summary), outcome(summary)].join('\n')
}

function files(summary: ImportSummary): string {
  const table = new Table({
    head: ['file', 'lines', 'loaded', 'repaired', 'rejected', 'rejected by reason', 'seconds'],
    colAligns: ['left', 'right', 'right', 'right', 'right', 'left', 'right'],
    colWidths: [null, null, null, null, null, 44, null],
    wordWrap: true,
    style: { head: [], border: [], compact: true },
  })
  for (const [name, file] of Object.entries(summary.files)) {
    const reasons = Object.entries(file.rejectedBy).toSorted(([, a], [, b]) => b - a)
    table.push([
      name,
      ...[file.lines, file.loaded, file.repaired, file.rejected].map((n) => counts.format(n)),
      reasons.map(([reason, rows]) => `${reason} ${counts.format(rows)}`).join(', '),
      file.seconds.toFixed(1),
    ])
  }
  return table.toString()
}

function phases(summary: ImportSummary): string {
  const parts = Object.entries(summary.phases).map(([name, s]) => `${name} ${s.toFixed(1)} s`)
  return `phases: ${parts.join(', ')}`
}

function outcome({ release, published, refusals, rejectsDir }: ImportSummary): string {
  const rejects = `rejected rows: ${rejectsDir}`
  if (published) return `release ${release} is live; ${rejects}`
  if (refusals.length === 0) return `release ${release} is ready, not published; ${rejects}`
  return [
    `release ${release} is refused and stays unpublished (\`etl publish ${release}\` overrules):`,
    ...refusals.map((refusal) => `  ${refusal}`),
    rejects,
  ].join('\n')
}
