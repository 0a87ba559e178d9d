import { describe, expect, it } from 'vitest'

import {
  capacityInWords,
  highestStep,
  recoveryOf,
  recoveryVerdict,
} from '../../../loadtest/runner/findings.ts'
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

  it('does not end by silence: a service that hangs is not as before', () => {
    expect(recovery([5, 5, 300, 300, null, null, null, 9, 9])).toBe(3)
  })

  it('is null when it did not come before the run ended', () => {
    expect(recovery([5, 5, 300, 300, 200, 200, 40])).toBeNull()
    expect(recovery([5, 5, 300, 300])).toBeNull()
  })
})

describe('the promise of a recovery', () => {
  const verdictOf = (recoveryS: number | null, periodS = 1) =>
    recoveryVerdict(recoveryS, { ...seriesWith({}), periodS })

  it('is kept for five seconds, and broken by more or when none came', () => {
    expect(verdictOf(5)).toMatchObject({ promise: 'value<=5', kept: true, value: 5 })
    expect(verdictOf(6).kept).toBe(false)
    expect(verdictOf(null)).toMatchObject({ kept: false, value: undefined, measured: true })
  })

  it('allows a whole period of a run that was recorded by longer ones', () => {
    expect(verdictOf(8, 8)).toMatchObject({ promise: 'value<=8', kept: true })
    expect(verdictOf(16, 8).kept).toBe(false)
  })
})

describe('the highest step', () => {
  const steps = [400, 480, 576].map((rps, i) => ({ name: `at_${rps}`, startS: i, endS: i + 1 }))

  it('is the last step before a promise was broken', () => {
    const broken = verdict(576, false)

    expect(highestStep(steps, [verdict(400, true), verdict(480, true), broken])).toEqual({
      rps: 480,
      broken,
    })
  })

  it('is 0 when the first step breaks, and the last one when none does', () => {
    expect(highestStep(steps, [verdict(400, false)]).rps).toBe(0)
    expect(highestStep(steps, [])).toEqual({ rps: 576, broken: undefined })
  })
})

describe('the capacity in words', () => {
  const found = { rps: 1728, broken: verdict(2074, false), generatorFull: false }

  it('is a number where the service broke its promise', () => {
    expect(capacityInWords(found)).toBe('capacity 1,728 requests/s')
  })

  it('is "at least" where nothing broke, or where the generator was at its end', () => {
    expect(capacityInWords({ ...found, broken: undefined })).toBe(
      'capacity at least 1,728 requests/s: no promise broke',
    )
    expect(capacityInWords({ ...found, generatorFull: true })).toBe(
      'capacity at least 1,728 requests/s: the generator was at its end',
    )
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
