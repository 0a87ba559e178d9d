import { existsSync, writeFileSync } from 'node:fs'

import { reportPage } from '../report/page.ts'
import { outcome } from '../report/sections.ts'
import { notesOf } from './notes.ts'
import { addToJournal } from './results-journal.ts'
import type { Run } from './run.ts'

/** Writes the page and the JSON of a run, its line in the journal, and what there is to say to the terminal. */
export function saveRun(run: Run, fileBase: string, journal: string | undefined): void {
  writeFileSync(`${fileBase}.json`, JSON.stringify(run))
  writeFileSync(`${fileBase}.html`, reportPage(run))
  if (journal !== undefined) addToJournal(journal, run)

  console.log(`\n${run.scenario}: ${outcome(run).text}`)
  for (const { metric, promise, kept, value } of run.verdicts) {
    if (!kept) console.log(`  broken: ${metric} ${promise}, came ${value ?? 'nothing'}`)
  }
  for (const note of notesOf(run)) console.log(`  ${note}`)
  console.log(`  Report: ${fileBase}.html`)
  const dashboard = `${fileBase}-dashboard.html`
  if (existsSync(dashboard)) console.log(`  k6's dashboard: ${dashboard}`)
}
