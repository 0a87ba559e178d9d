import Table from 'cli-table3'
import type { ImportSummary } from './import-summary.ts'
import { printDiff } from './print-diff.ts'

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
  return `connections were busy with ${parts.join(', ')}`
}

function outcome({ release, published, refusals, rejectsDir }: ImportSummary): string {
  const lines = refusals.map((refusal) => `  ${refusal}`)
  if (published) lines.unshift(`release ${release} is live`)
  else if (refusals.length === 0) lines.unshift(`release ${release} is ready, not published`)
  else lines.unshift(`release ${release} stays unpublished (\`etl publish ${release}\` overrules):`)
  return [...lines, `rejected rows: ${rejectsDir}`].join('\n')
}

/** The same for a dry run, which leaves no release: what would happen, and what it would change. */
export function printRehearsal(summary: ImportSummary, priceShare: number): string {
  const { refusals, diff, rejectsDir } = summary
  return [
    files(summary),
    phases(summary),
    refusals.length === 0 ? 'it would be published' : 'it would be refused:',
    ...refusals.map((refusal) => `  ${refusal}`),
    diff === undefined ? 'nothing is live yet' : printDiff(diff, priceShare),
    `rejected rows: ${rejectsDir ?? 'not kept, see --rejects'}; nothing was left in the database`,
  ].join('\n')
}
