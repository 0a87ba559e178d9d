import { describe, expect, it } from 'vitest'

import { parseRecord } from '../../../loadtest/runner/k6-record.ts'
import { cacheTotalsOf, seriesOf } from '../../../loadtest/runner/series.ts'

const aggregates = {
  counter: ['count', 'rate'],
  gauge: ['value'],
  rate: ['rate'],
  trend: ['avg', 'max', 'med', 'min', 'p(90)', 'p(95)', 'p(99)'],
}
const event = (name: string, data: unknown) => JSON.stringify({ event: name, data })

// As k6 v2.2.0 writes it: values in the order of the names seen so far, empty without samples.
const record = [
  event('param', { period: 2000, aggregates }),
  event('metric', { time: { type: 'gauge' } }),
  event('start', [[1000]]),
  event('metric', {
    http_reqs: { type: 'counter' },
    http_req_duration: { type: 'trend' },
    'replies{cache:miss}': { type: 'counter' },
  }),
  event('cumulative', [[2, 9, 1, 0, 3, 4, 8], [40, 20], [40, 20], [3000]]),
  event('snapshot', [[2, 9, 1, 0, 3, 4, 8], [40, 20], [40, 20], [3000]]),
  // A metric that begins later takes its place in the order, here before all others.
  event('metric', {
    dropped_iterations: { type: 'counter' },
    'replies{cache:nginx hit}': { type: 'counter' },
    'reply_ms{cache:nginx hit}': { type: 'trend' },
  }),
  event('cumulative', [
    [6, 1.5],
    [2, 9, 1, 0, 3, 4, 8],
    [100, 25],
    [40, 10],
    [60, 15],
    [1, 2, 0.5, 0, 1, 1.5, 1.9],
    [5000],
  ]),
  event('snapshot', [[6, 3], [], [60, 30], [], [60, 30], [1, 2, 0.5, 0, 1, 1.5, 1.9], [5000]]),
  event('threshold', { http_req_duration: ['p(99)<5'] }),
  event('stop', [[6000]]),
  '',
].join('\n')

describe("the record of k6's dashboard", () => {
  const parsed = parseRecord(record)

  it('has a moment for each period, with the names put back', () => {
    expect(parsed.periodS).toBe(2)
    expect(parsed.snapshots.map(({ atMs }) => atMs)).toEqual([3000, 5000])
    expect(parsed.snapshots[0]?.of['http_req_duration']?.['p(99)']).toBe(8)
    expect(parsed.snapshots[1]?.of['dropped_iterations']).toEqual({ count: 6, rate: 3 })
  })

  it('leaves out what had no samples', () => {
    expect(parsed.snapshots[1]?.of['http_req_duration']).toBeUndefined()
  })

  it('keeps the last sum of everything', () => {
    expect(parsed.total?.of['http_reqs']?.['count']).toBe(100)
  })

  it('is empty for a run that ended within a period', () => {
    expect(parseRecord(event('param', { period: 1000, aggregates }))).toEqual({
      periodS: 1,
      snapshots: [],
      total: undefined,
    })
  })
})

describe('the series of a run', () => {
  const series = seriesOf(parseRecord(record))

  it('has a value for each period, null for a latency that nothing had', () => {
    expect(series.rps).toEqual([20, 30])
    expect(series.p99Ms).toEqual([8, null])
    expect(series.droppedPerS).toEqual([0, 3])
  })

  it('splits the replies by the cache that answered', () => {
    expect(series.byCache).toEqual({ miss: [20, 0], 'nginx hit': [0, 30] })
  })

  it('sums up each cache state over the run, the busiest first', () => {
    expect(cacheTotalsOf(parseRecord(record))).toEqual([
      { state: 'nginx hit', replies: 60, p50Ms: 0.5, p95Ms: 1.5, p99Ms: 1.9 },
      { state: 'miss', replies: 40, p50Ms: 0, p95Ms: 0, p99Ms: 0 },
    ])
  })
})
