import { describe, expect, it } from 'vitest'

import type { Chart } from '../../../loadtest/report/chart.ts'
import { reportPage } from '../../../loadtest/report/page.ts'
import { aRun } from '../runner/a-run.ts'

const chartsIn = (page: string): Chart[] =>
  JSON.parse(/id="data">(.*?)<\/script>/s.exec(page)?.[1] ?? '') as Chart[]

describe('the report page', () => {
  const page = reportPage(aRun())

  it('says how the run ended, the command that made it and each promise', () => {
    expect(page).toContain('all 2 promises kept')
    expect(page).toContain('<code>npm run load -- spike --rate 100</code>')
    expect(page).toContain('<code>p(99)&lt;50</code>')
    expect(page).toContain('recovered in 1.5 s')
  })

  it('says which promises were broken', () => {
    const verdict = { metric: 'checks', promise: 'rate==1', value: 0.5, measured: true }
    const broken = reportPage(aRun({ verdicts: [{ ...verdict, kept: false }], exitCode: 99 }))

    expect(broken).toContain('<span class="broken">1 of 1 promises broken</span>')
  })

  it('needs nothing from outside', () => {
    expect(page).not.toMatch(/<(?:script|img|iframe)[^>]+src=|<link|@import|url\(/)
  })

  it('has the plots: rate, latency, errors, caches, CPU and memory of each part', () => {
    const charts = chartsIn(page)

    expect(charts.map(({ title }) => title)).toEqual([
      'Rate',
      'Latency',
      'Errors',
      'Which cache answered',
      'CPU of each part',
      'Memory of each part',
    ])
    expect(charts[4]?.lines.map(({ label }) => label)).toEqual(['generator', 'nginx'])
    expect(charts[4]?.lines[0]?.values).toEqual([null, 0.2, 0.3, 0.3, 0.2])
    expect(charts[0]?.spans).toEqual([{ label: 'surge', fromS: 1, toS: 2 }])
  })

  it('does not let a name end its script or its markup', () => {
    const wicked = '</script><script>alert(1)</script>'
    const series = { ...aRun().series, byCache: { [wicked]: [1, 1, 1, 1] } }
    const hostile = reportPage(aRun({ series, command: wicked, target: '<b>' }))

    expect(hostile).not.toContain('<script>alert')
    expect(hostile).not.toContain('<b>')
    expect(chartsIn(hostile)[3]?.lines[0]?.label).toBe(wicked)
  })

  it('calls a stair that found a capacity by that', () => {
    const findings = { capacity: { rps: 1440, broken: undefined, generatorFull: false } }

    expect(reportPage(aRun({ scenario: 'breakpoint', findings }))).toContain(
      '<title>breakpoint: capacity at least 1,440 requests/s: no promise broke</title>',
    )
  })
})
