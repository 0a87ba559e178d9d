import { describe, expect, it } from 'vitest'

import { parseSummary } from '../../../loadtest/runner/k6-summary.ts'

const latency = { avg: 1, med: 0.8, 'p(95)': 2, 'p(99)': 3, 'p(99.9)': 4, max: 5 }
const nothing = { avg: 0, med: 0, 'p(95)': 0, 'p(99)': 0, 'p(99.9)': 0, max: 0 }
const summary = parseSummary(
  JSON.stringify({
    metrics: {
      http_reqs: { count: 200, rate: 20 },
      http_req_failed: { passes: 3, fails: 197, value: 0.015, thresholds: { 'rate<0.01': true } },
      checks: { passes: 9, fails: 1, value: 0.9, thresholds: { 'rate==1': true } },
      dropped_iterations: { count: 0, rate: 0, thresholds: { 'count==0': false } },
      http_req_duration: latency,
      'http_req_duration{expected_response:true}': latency,
      'http_req_duration{name:list}': {
        ...latency,
        thresholds: { 'p(95)<25': false, 'p(99)<2.5': true },
      },
      memory_slope: { value: 0, min: 0, max: 0, thresholds: { 'value<1': false } },
      'http_req_duration{phase:spyke}': { ...nothing, thresholds: { 'p(99)<50': false } },
    },
  }),
)

describe("k6's summary of a run", () => {
  it('counts requests, failures, dropped arrivals and checks', () => {
    expect(summary).toMatchObject({
      requests: 200,
      failed: 3,
      dropped: 0,
      checksPassed: 9,
      checksFailed: 1,
    })
  })

  it('says of each promise whether it was kept, and what was measured', () => {
    const { verdicts } = summary

    expect(verdicts).toContainEqual({
      metric: 'http_req_duration{name:list}',
      promise: 'p(99)<2.5',
      kept: false,
      value: 3,
      measured: true,
    })
    expect(verdicts.find(({ metric }) => metric === 'http_req_failed')).toMatchObject({
      kept: false,
      value: 0.015,
    })
    expect(verdicts.filter(({ kept }) => kept).map(({ promise }) => promise)).toEqual([
      'count==0',
      'p(95)<25',
      'p(99)<50',
      'value<1',
    ])
  })

  it('does not take a promise about nothing for a kept one, as k6 does', () => {
    const misspelt = summary.verdicts.find(({ metric }) => metric.includes('spyke'))

    const unread = summary.verdicts.find(({ metric }) => metric === 'memory_slope')

    expect(misspelt?.measured).toBe(false)
    expect(unread?.measured).toBe(false)
    expect(summary.verdicts.find(({ promise }) => promise === 'count==0')?.measured).toBe(true)
  })

  it('has the latency of each part that promises are made for', () => {
    expect(Object.keys(summary.latencyByTag)).toEqual(['name:list'])
    expect(summary.latencyByTag['name:list']).toEqual({
      p50Ms: 0.8,
      p95Ms: 2,
      p99Ms: 3,
      p999Ms: 4,
      maxMs: 5,
    })
  })
})
