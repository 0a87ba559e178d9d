import { formatNumber } from './format.ts'
import { escapeHtml } from '../report/markup.ts'
import type { Spread } from './statistics.ts'

interface PlottedLine {
  readonly title: string
  /** Which of the page's colours. */
  readonly colour: number
  readonly points: readonly { readonly at: number; readonly spread: Spread }[]
}

export interface LinePlot {
  readonly title: string
  readonly xAxis: string
  readonly yAxis: string
  /** Whether equal distances on the x axis are equal factors. */
  readonly isLogarithmic: boolean
  /** How a place on the x axis is written. */
  readonly formatX: (at: number) => string
  readonly lines: readonly PlottedLine[]
}

const width = 840
const height = 320
const box = { left: 80, right: 560, top: 24, bottom: 270 }
const yTicks = 4

/** Lines with a mark at each measured place, the y axis beginning at zero, as SVG; titles stand at the ends of the lines. */
export const linePlot = (plot: LinePlot): string => {
  const scales = scalesOf(plot)
  const lines = plot.lines.map((line) => drawLine(line, scales)).join('')
  return (
    `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${escapeHtml(plot.title)}">` +
    drawYAxis(plot, scales) +
    drawXAxis(plot, scales) +
    lines +
    drawTitles(plot, scales) +
    '</svg>'
  )
}

interface Scales {
  readonly x: (at: number) => number
  readonly y: (value: number) => number
  readonly top: number
}

const scalesOf = ({ lines, isLogarithmic }: LinePlot): Scales => {
  const points = lines.flatMap((line) => line.points)
  const measure = isLogarithmic ? Math.log : (at: number) => at
  const places = points.map(({ at }) => measure(at))
  const [first, last] = [Math.min(...places), Math.max(...places)]
  const top = niceCeiling(Math.max(...points.map(({ spread }) => spread.max), Number.MIN_VALUE))
  const share = (at: number) => (last === first ? 0.5 : (measure(at) - first) / (last - first))
  return {
    x: (at) => round(box.left + 16 + share(at) * (box.right - box.left - 32)),
    y: (value) => round(box.bottom - (value / top) * (box.bottom - box.top)),
    top,
  }
}

/** The next number above that quarters into readable ticks. */
const niceCeiling = (value: number) => {
  const power = 10 ** Math.floor(Math.log10(value))
  return ([1, 1.2, 1.6, 2, 2.4, 3, 4, 6, 8].find((digit) => digit * power >= value) ?? 10) * power
}

const drawYAxis = ({ yAxis }: LinePlot, { y, top }: Scales) => {
  const ticks = Array.from({ length: yTicks + 1 }, (_, tick) => (tick / yTicks) * top)
  const marks = ticks.map(
    (value) =>
      `<line class="grid" x1="${box.left}" x2="${box.right}" y1="${y(value)}" y2="${y(value)}"/>` +
      `<text class="tick" x="${box.left - 8}" y="${y(value) + 4}" text-anchor="end">${formatNumber(value)}</text>`,
  )
  return `${marks.join('')}<text class="tick" x="${box.left - 60}" y="12">${escapeHtml(yAxis)}</text>`
}

const drawXAxis = ({ lines, xAxis, formatX }: LinePlot, { x }: Scales) => {
  const places = [...new Set(lines.flatMap(({ points }) => points.map(({ at }) => at)))]
  const marks = places.map(
    (at) =>
      `<text class="tick" x="${x(at)}" y="${box.bottom + 18}" text-anchor="middle">${escapeHtml(formatX(at))}</text>`,
  )
  const middle = (box.left + box.right) / 2
  return `${marks.join('')}<text class="tick" x="${middle}" y="${box.bottom + 38}" text-anchor="middle">${escapeHtml(xAxis)}</text>`
}

const drawLine = ({ points, colour }: PlottedLine, { x, y }: Scales) => {
  const path = points.map(({ at, spread }) => `${x(at)} ${y(spread.median)}`).join('L')
  const marks = points.map(
    ({ at, spread }) =>
      `<circle cx="${x(at)}" cy="${y(spread.median)}" r="3.5"/>` +
      `<path d="M${x(at)} ${y(spread.min)}V${y(spread.max)}"/>`,
  )
  return `<g class="line line-${colour}"><path d="M${path}"/>${marks.join('')}</g>`
}

const titleHeight = 18

// Titles of lines that end near each other are moved apart, and none goes below the axis.
const drawTitles = ({ lines }: LinePlot, { y }: Scales) => {
  const ordered = lines
    .map((line) => ({ ...line, end: y(line.points.at(-1)?.spread.median ?? 0) }))
    .toSorted((a, b) => a.end - b.end)
  let above = -Infinity
  return ordered
    .map(({ title, colour, end }, place) => {
      const lowest = box.bottom - (ordered.length - 1 - place) * titleHeight
      above = Math.min(Math.max(end, above + titleHeight), lowest)
      return (
        `<circle class="line-${colour}" cx="${box.right + 22}" cy="${above}" r="4"/>` +
        `<text class="line-title" x="${box.right + 32}" y="${above + 4}">${escapeHtml(title)}</text>`
      )
    })
    .join('')
}

const round = (value: number) => Math.round(value * 10) / 10
