import { describe, expect, it } from 'vitest'

import { capacityOf, recoveryOf } from '../../../loadtest/runner/findings.ts'
import type { Verdict } from '../../../loadtest/runner/k6-summary.ts'
import { seriesWith } from './series-with.ts'

const surge = { name: 'surge', startS: 2, endS: 4 }

describe('the recovery after a spike', () => {
  const recovery = (p99Ms: (number | null)[], more = {}) =>
    recoveryOf(seriesWith({ p99Ms, ...more }), 0, surge)

  it('is 0 when the service is as before at once', () => {
    expect(recovery([5, 5, 300, 300, 8, 7, 6])).toBe(0)
  })

  it('lasts until two seconds in a row are fast', () => {
    expect(recovery([5, 5, 300, 300, 200, 40, 90, 45, 30, 30])).toBe(3)
  })

  it('does not end while requests fail or arrivals are dropped', () => {
    const p99Ms = [5, 5, 300, 300, 9, 9, 9, 9]

    expect(recovery(p99Ms, { failedShare: [0, 0, 0, 0, 0.1, 0, 0, 0] })).toBe(1)
    expect(recovery(p99Ms, { droppedPerS: [0, 0, 0, 0, 0, 2, 0, 0] })).toBe(2)
  })

  it('is null when it did not come before the run ended', () => {
    expect(recovery([5, 5, 300, 300, 200, 200, 40])).toBeNull()
    expect(recovery([5, 5, 300, 300])).toBeNull()
  })
})

describe('the capacity', () => {
  const steps = [400, 480, 576].map((rps, i) => ({ name: `at_${rps}`, startS: i, endS: i + 1 }))

  it('is the last step before a promise was broken', () => {
    const broken = verdict(576, false)

    expect(capacityOf(steps, [verdict(400, true), verdict(480, true), broken])).toEqual({
      rps: 480,
      broken,
    })
  })

  it('is 0 when the first step breaks, and the last one when none does', () => {
    expect(capacityOf(steps, [verdict(400, false)]).rps).toBe(0)
    expect(capacityOf(steps, [])).toEqual({ rps: 576, broken: undefined })
  })
})

function verdict(rps: number, kept: boolean): Verdict {
  return {
    metric: `http_req_duration{scenario:at_${rps}}`,
    promise: 'p(99)<250',
    kept,
    value: 300,
    measured: true,
  }
}
