import { describe, expect, it } from 'vitest'

import { legsOf, secondsOf } from '../../../loadtest/runner/legs.ts'

describe('a duration', () => {
  it('is read as k6 writes it', () => {
    expect(['20s', '1m30s', '2h', '4.5s', '500ms', '1h0m5s', '0s'].map(secondsOf)).toEqual([
      20, 90, 7200, 4.5, 0.5, 3605, 0,
    ])
  })

  it('is refused otherwise', () => {
    for (const wrong of ['', '20', '5 m', 'm', '5d', '-3s', '1m30']) {
      expect(() => secondsOf(wrong)).toThrow('expected a duration like 90s')
    }
  })
})

describe('the legs of a run', () => {
  it('are the scenarios with the time in which they send', () => {
    const inspected = JSON.stringify({
      scenarios: {
        surge: {
          startTime: '18s',
          duration: null,
          stages: [{ duration: '4.5s' }, { duration: '18s' }, { duration: '4.5s' }],
        },
        base: { startTime: null, duration: '1m30s', stages: null },
      },
    })

    expect(legsOf(inspected)).toEqual([
      { name: 'base', startS: 0, endS: 90 },
      { name: 'surge', startS: 18, endS: 45 },
    ])
  })
})
