import { describe, expect, it } from 'vitest'

import type { Chart } from '../../../loadtest/report/chart.ts'
import { reportPage } from '../../../loadtest/report/page.ts'
import type { Run } from '../../../loadtest/runner/run.ts'
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

  it('says what was measured with its unit, also where k6 knows none', () => {
    const verdict = { promise: 'value<=5', kept: true, value: 1.5, measured: true }
    const metrics = ['recovery_s', 'memory_slope', 'memory_unread']
    const verdicts = metrics.map((metric) => ({ ...verdict, metric }))
    const cells = reportPage(aRun({ verdicts })).match(/<td class="number">1\.5[^<]*/g)

    expect(cells?.map((cell) => cell.replace(/.*>/, ''))).toEqual(['1.5 s', '1.5 MB/min', '1.5'])
  })

  it('has the latency of each route, by the name that it has here', () => {
    const { latency } = aRun()
    const latencyByTag = { 'name:list': latency, 'phase:spike': latency }

    expect(reportPage(aRun({ latencyByTag }))).toMatch(/<td>route list<.*<td>phase spike</)
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
      'Memory of each part of the service',
    ])
    expect(charts[4]?.lines.map(({ label }) => label)).toEqual(['generator', 'nginx'])
    expect(charts[4]?.lines[0]?.values).toEqual([null, 0.2, 0.3, 0.3, 0.2])
    expect(charts[0]?.spans).toEqual([{ label: 'surge', fromS: 1, toS: 2 }])
  })

  it('says that nothing failed in place of a plot without errors', () => {
    const errorsIn = (given: Partial<Run>) =>
      chartsIn(reportPage(aRun(given))).find(({ title }) => title === 'Errors')

    expect(errorsIn({})).toMatchObject({ lines: [], instead: expect.stringMatching(/^nothing/) })
    expect(errorsIn({ dropped: 1 })?.lines).toHaveLength(2)
    expect(errorsIn({ failed: 1 })?.lines).toHaveLength(2)
  })

  it('ends the time of all plots at one place, so that they can be read one below the other', () => {
    const ends = chartsIn(reportPage(aRun({ durationS: 3.2 }))).map(({ endS }) => endS)

    expect(new Set(ends)).toEqual(new Set([4]))
  })

  it('does not plot what k6 used to start its users before the load', () => {
    const generator = { name: 'generator', memoryBytes: [1e8, 1e8], cpuS: [0.9, 0.2] }
    const late = reportPage(aRun({ parts: [{ ...generator, atMs: [600, 1600] }] }))
    const cpu = chartsIn(late).find(({ title }) => title === 'CPU of each part')

    expect(cpu?.lines[0]?.values).toEqual([null, null, 0.2, null, null])
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
