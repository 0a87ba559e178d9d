import Table from 'cli-table3'
import type { PatchSummary } from './patch.ts'

const counts = new Intl.NumberFormat('en')

/** The table at the end of a patch: what became of each file's rows. */
export function printPatch({ release, rejectsDir, files, seconds }: PatchSummary): string {
  const table = new Table({
    head: ['file', 'lines', 'inserted', 'updated', 'unchanged', 'repaired', 'rejected'],
    colAligns: ['left', 'right', 'right', 'right', 'right', 'right', 'right'],
    style: { head: [], border: [], compact: true },
  })
  for (const [name, file] of Object.entries(files)) {
    const { lines, inserted, updated, unchanged, repaired, rejected } = file
    const numbers = [lines, inserted, updated, unchanged, repaired, rejected]
    table.push([name, ...numbers.map((n) => counts.format(n))])
  }
  return [
    table.toString(),
    `release ${release} is changed in place, in ${seconds.toFixed(1)} s; rejected rows: ${rejectsDir}`,
  ].join('\n')
}
