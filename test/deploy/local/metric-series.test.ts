import { describe, expect, it } from 'vitest'
import { parseSeries, sumOf } from '../../../deploy/local/cluster/metric-series.ts'

const series = parseSeries(`# HELP replies Replies by where they came from.
# TYPE replies counter
replies{source="hit",route="/products?a={b}"} 3
replies{source="miss",route="a \\"quoted\\" one"} 4
release 7
missing{database="x"} +Inf
`)

describe('the series of /metrics', () => {
  it('are added up by name, or by the values of some labels', () => {
    expect(sumOf(series, 'replies')).toBe(7)
    expect(sumOf(series, 'replies', { source: 'hit' })).toBe(3)
    expect(sumOf(series, 'release')).toBe(7)
    expect(sumOf(series, 'missing')).toBe(Infinity)
    expect(sumOf(series, 'nothing')).toBe(0)
  })

  it('keep labels that hold quotes and braces', () => {
    expect(series.map(({ labels }) => labels['route'])).toEqual([
      '/products?a={b}',
      'a \\"quoted\\" one',
      undefined,
      undefined,
    ])
  })
})
