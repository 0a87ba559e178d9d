import { describe, expect, it } from 'vitest'

import { notesOf } from '../../../loadtest/runner/notes.ts'
import { aRun } from './a-run.ts'
import { generatorUsing } from './generator-using.ts'

describe('the notes to a run', () => {
  it('say that generator and service shared the machine, and what the generator used', () => {
    const [note] = notesOf(aRun())

    expect(note).toContain('shared 2 cores')
    expect(note).toContain('held to 1 and used 0.25 on average, 0.30 at most')
  })

  it('say nothing of a run against another machine in which nothing was odd', () => {
    expect(notesOf(aRun({ shared: false, machineCores: 0.3 }))).toEqual([])
  })

  it('say that the generator was at its end', () => {
    const notes = notesOf(
      aRun({ parts: [generatorUsing([0.5, 0.95, 0.6, 0.5])], machineCores: 0.7 }),
    )

    expect(notes.join('\n')).toContain('The generator was at its end')
  })

  it('say that other programs took the machine', () => {
    expect(notesOf(aRun({ machineCores: 1.6 })).join('\n')).toContain(
      'Other programs kept 1.3 of the 2 cores busy',
    )
  })

  it('name promises about which nothing was measured', () => {
    const verdict = { promise: 'p(99)<50', kept: true, value: 0, measured: false }
    const notes = notesOf(aRun({ verdicts: [{ metric: 'http_req_duration{x:y}', ...verdict }] }))

    expect(notes.join('\n')).toContain('Nothing was measured for http_req_duration{x:y}')
  })
})
