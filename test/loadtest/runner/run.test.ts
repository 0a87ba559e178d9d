import { describe, expect, it } from 'vitest'

import type { K6Record } from '../../../loadtest/runner/k6-record.ts'
import type { K6Summary, Verdict } from '../../../loadtest/runner/k6-summary.ts'
import type { PartSeries } from '../../../loadtest/runner/part-sampler.ts'
import { assembleRun } from '../../../loadtest/runner/run.ts'
import { aRun } from './a-run.ts'
import { generatorUsing } from './generator-using.ts'

const { latency, machine } = aRun()
const conditions = {
  scenario: 'spike',
  command: 'npm run load -- spike',
  target: 'http://127.0.0.1:8080',
  products: 10,
  machine,
  k6Version: 'v2.2.0',
  shared: true,
  generatorCores: 1,
  speedPromised: true,
}
const summary: K6Summary = {
  requests: 300,
  failed: 0,
  dropped: 0,
  checksPassed: 10,
  checksFailed: 0,
  latency,
  latencyByTag: {},
  verdicts: [],
}
const sampled = { parts: [], machineCores: 1 }

// The dashboard begins a second before the load does.
function recordOf(p99Ms: number[], gauges: Record<string, number> = {}): K6Record {
  const snapshots = p99Ms.map((p99, i) => ({
    atMs: (i + 1) * 1000,
    of: { http_reqs: { rate: 100 }, http_req_duration: { 'p(99)': p99 } },
  }))
  const values = Object.entries({ began_ms: 1000, ...gauges })
  const of = Object.fromEntries(values.map(([name, value]) => [name, { value }]))
  return { periodS: 1, snapshots, total: { atMs: p99Ms.length * 1000, of } }
}

describe('a run', () => {
  it('counts its time from the beginning of the load', () => {
    const k6Run = { exitCode: 0, legs: [], summary, record: recordOf([0, 5, 5]) }
    const run = assembleRun(conditions, k6Run, sampled)

    expect(run.startedMs).toBe(1000)
    expect(run.durationS).toBe(2)
  })

  it('finds the slope of memory of a soak', () => {
    const record = recordOf([0, 5], { memory_slope: 0.4 })
    const k6Run = { exitCode: 0, legs: [], summary, record }

    expect(assembleRun({ ...conditions, scenario: 'soak' }, k6Run, sampled).findings).toEqual({
      memorySlopeMbPerMinute: 0.4,
    })
  })
})

describe('a spike', () => {
  const legs = [
    { name: 'base', startS: 0, endS: 12 },
    { name: 'surge', startS: 1, endS: 2 },
  ]
  const spike = (p99Ms: number[], speedPromised = true) => {
    const k6Run = { exitCode: 0, legs, summary, record: recordOf([0, 5, 300, ...p99Ms]) }
    return assembleRun({ ...conditions, speedPromised }, k6Run, sampled)
  }
  const slow = Array.from({ length: 9 }, () => 300)

  it('has succeeded when it was over in time', () => {
    const run = spike([300, 5, 5, 5])

    expect(run.findings).toEqual({ recoveryS: 1 })
    expect(run.verdicts).toEqual([expect.objectContaining({ metric: 'recovery_s', kept: true })])
    expect(run.exitCode).toBe(0)
  })

  it('has failed when it was over too late, or not at all', () => {
    for (const p99Ms of [[...slow, 5, 5], slow]) {
      const run = spike(p99Ms)

      expect(run.verdicts).toEqual([expect.objectContaining({ metric: 'recovery_s', kept: false })])
      expect(run.exitCode).toBe(99)
    }
  })

  it('is not judged by that where no speed is promised', () => {
    const run = spike(slow, false)

    expect(run.findings).toEqual({ recoveryS: null })
    expect(run.verdicts).toEqual([])
    expect(run.exitCode).toBe(0)
  })
})

describe('a stair', () => {
  const legs = [400, 480, 576].map((rps, i) => ({ name: `at_${rps}`, startS: i, endS: i + 1 }))
  const climb = (checksFailed: number, broken: number, parts: PartSeries[] = []) => {
    const verdicts = [400, 480, 576].map((rps) => verdict(rps, rps !== broken))
    const k6Run = {
      exitCode: 99,
      legs,
      summary: { ...summary, checksFailed, verdicts },
      record: recordOf([0, 5, 300]),
    }
    return assembleRun({ ...conditions, scenario: 'breakpoint' }, k6Run, { ...sampled, parts })
  }

  it('has succeeded when it found a capacity, although a promise broke', () => {
    const run = climb(0, 480)

    expect(run.exitCode).toBe(0)
    expect(run.findings.capacity?.rps).toBe(400)
    expect(run.findings.capacity?.generatorFull).toBe(false)
  })

  it('says that the generator was at its end, whose limit it may have found', () => {
    const run = climb(0, 480, [generatorUsing([0.3, 0.4, 0.95])])

    expect(run.findings.capacity?.generatorFull).toBe(true)
  })

  it('has failed when an answer was wrong, or when the first step broke', () => {
    expect(climb(1, 480).exitCode).toBe(99)
    expect(climb(0, 400).exitCode).toBe(99)
  })

  it('says nothing of steps that it did not reach', () => {
    const run = climb(0, 480)

    expect(run.legs.map(({ name }) => name)).toEqual(['at_400', 'at_480'])
    expect(run.verdicts.map(({ metric }) => metric).join()).not.toContain('at_576')
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
