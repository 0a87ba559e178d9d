import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { describe, expect, it } from 'vitest'

import {
  addToJournal,
  findingOf,
  lineOf,
  withLine,
} from '../../../loadtest/runner/results-journal.ts'
import { aRun } from './a-run.ts'
import { generatorUsing } from './generator-using.ts'

describe('the line of a run', () => {
  it('has the command, the figures, what was found and what was promised', () => {
    const startedMs = Date.UTC(2026, 10, 22, 9, 30)
    const parts = [generatorUsing([0.2, 0.3, 0.3, 0.2], startedMs)]
    const line = lineOf(aRun({ failed: 1, startedMs, parts }))

    expect(line).toBe(
      '| 2026-11-22 09:30 | abc1234 | 2 × AMD EPYC | `npm run load -- spike --rate 100` | 400 | 100 ' +
        '| 0.250 % | 1.2 | 4.5 | 12.0 | recovered in 1.5 s | 0.25 | all 2 kept |',
    )
  })

  it('names the promises that were broken', () => {
    const broken = { metric: 'checks', promise: 'rate==1', kept: false, value: 0.9, measured: true }

    expect(lineOf(aRun({ verdicts: [broken] }))).toContain('| broken: checks rate==1 |')
  })

  it('says what the scenario was run to find out', () => {
    const found = (findings: Parameters<typeof findingOf>[0]['findings']) => findingOf({ findings })

    expect(found({ recoveryS: null })).toBe('did not recover')
    expect(found({ capacity: { rps: 1728, broken: undefined, generatorFull: false } })).toBe(
      'capacity at least 1,728 requests/s: no promise broke',
    )
    expect(found({ memorySlopeMbPerMinute: -0.126 })).toBe('memory −0.13 MB/min')
    expect(found({})).toBe('')
  })
})

describe('the journal', () => {
  it('gets each line at the end of the table, and is otherwise left as it is', () => {
    const bench = '# Results\n\n<!-- bench -->\n## The bench\n| a |\n<!-- /bench -->\n'
    const twice = withLine(withLine(bench, '| one $& |'), '| two |')

    expect(twice.startsWith(bench)).toBe(true)
    expect(twice.split('\n').slice(-4)).toEqual(['| one $& |', '| two |', '<!-- /k6 -->', ''])
    expect(twice.match(/## Load tests with k6/g)).toHaveLength(1)
  })

  it('is begun when there is none', () => {
    const folder = mkdtempSync(join(tmpdir(), 'journal-'))
    const file = join(folder, 'RESULTS.md')
    addToJournal(file, aRun())
    const text = readFileSync(file, 'utf8')
    rmSync(folder, { recursive: true })

    expect(text.startsWith('# Results\n')).toBe(true)
    expect(text).toContain('spike --rate 100')
  })
})
