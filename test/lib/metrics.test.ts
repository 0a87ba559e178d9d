import { describe, expect, it } from 'vitest'
import { createMetrics } from '../../lib/metrics.ts'
import { parseMetrics } from './parse-metrics.ts'

describe('metrics', () => {
  it('are written to the letter of the text format', () => {
    const metrics = createMetrics()
    const requests = metrics.counter('requests_total', 'All requests.', ['route', 'status'])
    requests('/', '200').value += 2
    requests('/', '404').value += 1
    const seconds = metrics.histogram('seconds', 'How long.', [0.1, 1], ['route'])
    seconds('/').observe(0.1)
    seconds('/').observe(0.5)
    seconds('/').observe(7)
    metrics.observed('gauge', 'release', 'The release.', () => [[3]])

    expect(metrics.text()).toBe(
      `# HELP requests_total All requests.
# TYPE requests_total counter
requests_total{route="/",status="200"} 2
requests_total{route="/",status="404"} 1
# HELP seconds How long.
# TYPE seconds histogram
seconds_bucket{route="/",le="0.1"} 1
seconds_bucket{route="/",le="1"} 2
seconds_bucket{route="/",le="+Inf"} 3
seconds_sum{route="/"} 7.6
seconds_count{route="/"} 3
# HELP release The release.
# TYPE release gauge
release 3
`,
    )
  })

  it('escape what the format needs escaped', () => {
    const metrics = createMetrics()
    metrics.counter('a_total', 'A\\B\nC "quoted"', ['label'])('x"y\\z\n').value += 1

    const text = metrics.text()

    expect(text).toContain('# HELP a_total A\\\\B\\nC "quoted"\n')
    expect(text).toContain('a_total{label="x\\"y\\\\z\\n"} 1\n')
    expect(parseMetrics(text)).toEqual([
      { name: 'a_total', labels: { label: 'x"y\\z\n' }, value: 1 },
    ])
  })

  it('show a series without labels from the beginning', () => {
    const metrics = createMetrics()
    metrics.counter('a_total', 'A.')
    metrics.histogram('b', 'B.', [1])

    expect(parseMetrics(metrics.text())).toEqual([
      { name: 'a_total', labels: {}, value: 0 },
      { name: 'b_bucket', labels: { le: '1' }, value: 0 },
      { name: 'b_bucket', labels: { le: '+Inf' }, value: 0 },
      { name: 'b_sum', labels: {}, value: 0 },
      { name: 'b_count', labels: {}, value: 0 },
    ])
  })
})
