import { describe, expect, it } from 'vitest'
import { barPlot } from '../../loadtest/bench/bar-plot.ts'
import { judgeGoals, pairedRatio } from '../../loadtest/bench/goals.ts'
import { linePlot } from '../../loadtest/bench/line-plot.ts'
import { resultMarkdown } from '../../loadtest/bench/markdown.ts'
import { resultPage } from '../../loadtest/bench/page.ts'
import type { BenchResult, RoundResult } from '../../loadtest/bench/results.ts'
import { withSection } from '../../loadtest/bench/save.ts'

const round = (requestsPerSecond: number, serverMicros = 50): RoundResult => ({
  requestsPerSecond,
  serverMicros,
  postgresMicros: 10,
  p50Ms: 1,
  p99Ms: 4,
  bytesPerRequest: 2000,
  failed: 0,
  rssBytes: 90e6,
})

const result: BenchResult = {
  startedAt: '2026-01-02T03:04:05.000Z',
  minutes: 12,
  command: 'npm run bench -- --only "a<b"',
  commit: 'abc1234',
  machine: {
    cpu: 'a CPU',
    cores: 2,
    memoryBytes: 8e9,
    system: 'Linux 6',
    versions: { node: '24.0.0' },
    postgresSettings: { jit: 'off' },
  },
  products: 1000,
  rounds: 2,
  seconds: 5,
  connections: 64,
  generator: 'wrk',
  absent: { 'design-2': 'redis-server is not installed' },
  workloads: [
    {
      name: 'styles-cold',
      title: 'Styles, cold',
      contestants: [
        { name: 'product-overview', rounds: [round(20_000), round(18_000)] },
        { name: 'design-1', rounds: [round(1000), round(1800)] },
      ],
    },
  ],
  rates: [],
  growth: [
    {
      name: 'products',
      title: 'As the catalogue grows',
      axis: 'products',
      lines: [
        { title: 'ours', points: [{ at: 10_000, rounds: [round(9)] }] },
        { title: 'theirs', points: [{ at: 10_000, rounds: [round(8)] }] },
      ],
    },
  ],
}

describe('a ratio', () => {
  it('is taken round by round, for a slow round slows both', () => {
    const ratios = pairedRatio([round(20), round(9)], [round(2), round(1)], (each) => {
      return each.requestsPerSecond
    })

    expect(ratios).toEqual([10, 9])
  })
})

describe('the goals', () => {
  it('are judged by the median, and only those that were measured', () => {
    expect(judgeGoals(result)).toEqual([
      {
        work: 'styles, cold',
        goal: '≥ 15 × design 1',
        reached: { median: 15, min: 10, max: 20 },
        isReached: true,
      },
    ])
  })
})

describe('the page', () => {
  it('needs nothing but itself', () => {
    const page = resultPage(result)

    expect(page).not.toMatch(/<(script|link|img)|https?:|url\(/)
    expect(page).toContain('a&lt;b')
    expect(page).toContain('redis-server is not installed')
  })
})

describe('the Markdown', () => {
  it('says how it was measured and how many times as fast we are', () => {
    const markdown = resultMarkdown(result)

    expect(markdown).toContain('2026-01-02, commit `abc1234`')
    expect(markdown).toMatch(/\| design 1: [^|]+\| 1,400 ± 29 % \| 15 × \|/)
  })

  it('takes the place of the former one and leaves the rest alone', () => {
    const once = withSection('# Results\n\n## Loads\nkept\n', 'first')
    const twice = withSection(once, 'second')

    expect(twice).toContain('second')
    expect(twice).not.toContain('first')
    expect(twice).toContain('## Loads\nkept')
  })
})

const bar = (value: number) => ({
  label: 'x',
  tone: 'own' as const,
  parts: [{ value, className: 'own-bar' }],
  text: `${value}`,
})

describe('bars', () => {
  it('are as long as their values, on one scale', () => {
    const widths = [...barPlot('', [bar(100), bar(25)]).matchAll(/ width="([\d.]+)"/g)]

    expect(Number(widths[0]?.[1])).toBeCloseTo(4 * Number(widths[1]?.[1]))
  })
})

describe('lines', () => {
  it('that end at the same place have titles one below the other', () => {
    const spread = { median: 5, min: 4, max: 6 }
    const line = (title: string) => ({ title, colour: 0, points: [{ at: 1, spread }] })
    const plot = linePlot({
      title: '',
      xAxis: '',
      yAxis: '',
      isLogarithmic: true,
      formatX: String,
      lines: [line('a'), line('b')],
    })

    const places = [...plot.matchAll(/line-title[^>]* y="([\d.]+)"/g)].map(([, y]) => Number(y))

    expect(Math.abs((places[0] ?? 0) - (places[1] ?? 0))).toBeGreaterThanOrEqual(18)
  })
})
