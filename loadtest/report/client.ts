import uPlot from 'uplot'

import type { Chart, Span } from './chart.ts'

// Runs in the browser: the page holds its charts as JSON, this draws them.
const holder = document.querySelector('#charts') as HTMLElement
const charts = JSON.parse(document.querySelector('#data')?.textContent ?? '[]') as Chart[]

const heightPx = 220
// Above a plot, so that no line crosses the name of a span.
const spanNamePx = 18
const lineColours = ['--line-1', '--line-2', '--line-3', '--line-4', '--line-5', '--line-6']

// One key for all plots: pointing at a moment shows it in each of them.
const cursor = { sync: { key: 'time' } }

const plots = charts.flatMap((chart) => draw(chart) ?? [])

new ResizeObserver(() => {
  for (const plot of plots) plot.setSize({ width: widthPx(), height: heightPx })
}).observe(holder)

matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => location.reload())

function draw(chart: Chart): uPlot | undefined {
  const figure = document.createElement('figure')
  const caption = document.createElement('figcaption')
  figure.append(caption)
  holder.append(figure)
  if (chart.lines.length === 0 && chart.instead !== undefined) {
    caption.textContent = `${chart.title}: ${chart.instead}`
    return undefined
  }
  caption.textContent = `${chart.title} (${chart.unit})`
  const data = [chart.atS, ...chart.lines.map(({ values }) => values)] as uPlot.AlignedData
  return new uPlot(optionsOf(chart), data, figure)
}

function optionsOf({
  endS,
  lines,
  spans,
  logarithmic = false,
  joined = false,
}: Chart): uPlot.Options {
  const axis = { stroke: colour('--faint'), grid: { stroke: colour('--rule'), width: 1 } }
  return {
    width: widthPx(),
    height: heightPx,
    padding: [spans.length === 0 ? null : spanNamePx, null, null, null],
    cursor,
    legend: { markers: { width: 0, fill: (_, i) => lineColour(i - 1) } },
    scales: {
      x: { time: false, range: () => [0, endS] },
      // oxlint-disable-next-line typescript/no-unsafe-enum-assignment -- an enum of types only
      y: logarithmic ? { distr: 3 } : { range: (_, __, max) => [0, max > 0 ? max * 1.05 : 1] },
    },
    axes: [
      { ...axis, size: 36, values: (_, ticks) => ticks.map(timeLabel) },
      { ...axis, size: 64, values: (_, ticks) => ticks.map(numberLabel), ...sparse(logarithmic) },
    ],
    series: [
      { label: 'at', value: (_, at) => (at === null ? '' : timeLabel(at)) },
      ...lines.map(({ label }, i) => ({
        label,
        stroke: lineColour(i),
        width: 1.5,
        points: { show: false },
        spanGaps: joined,
        value: (_: uPlot, value: number | null) => numberLabel(value),
      })),
    ],
    hooks: { drawClear: [(plot) => shade(plot, spans)] },
  }
}

// A logarithmic axis comes with nine lines a decade.
function sparse(logarithmic: boolean): Partial<uPlot.Axis> {
  const line = { stroke: colour('--rule'), width: 1, filter: decades }
  return logarithmic ? { grid: line, ticks: line } : {}
}

function decades(_: uPlot, ticks: number[]): (number | null)[] {
  return ticks.map((tick) => (Number.isInteger(Math.log10(tick)) ? tick : null))
}

function shade(plot: uPlot, spans: readonly Span[]): void {
  const { ctx, bbox } = plot
  ctx.save()
  ctx.font = `${11 * devicePixelRatio}px system-ui, sans-serif`
  ctx.textBaseline = 'bottom'
  for (const [i, { label, fromS, toS }] of spans.entries()) {
    const left = plot.valToPos(fromS, 'x', true)
    const right = Math.min(plot.valToPos(toS, 'x', true), bbox.left + bbox.width)
    ctx.fillStyle = colour(i % 2 === 0 ? '--span-even' : '--span-odd')
    ctx.fillRect(left, bbox.top, right - left, bbox.height)
    ctx.fillStyle = colour('--faint')
    if (ctx.measureText(label).width < right - left) ctx.fillText(label, left, bbox.top - 4)
  }
  ctx.restore()
}

function widthPx(): number {
  return holder.clientWidth
}

function lineColour(i: number): string {
  return colour(lineColours[i % lineColours.length] ?? '--ink')
}

function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim()
}

function timeLabel(seconds: number): string {
  if (seconds < 120) return `${Math.round(seconds * 10) / 10} s`
  const minutes = Math.floor(seconds / 60)
  const rest = Math.round(seconds % 60)
  return rest === 0 ? `${minutes} min` : `${minutes}:${String(rest).padStart(2, '0')}`
}

function numberLabel(value: number | null | undefined): string {
  if (value === null || value === undefined) return ''
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 1 ? 1 : 3
  return value.toLocaleString('en', { maximumFractionDigits: digits })
}
