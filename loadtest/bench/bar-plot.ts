import { escapeHtml } from '../report/markup.ts'

/** Whose bar it is: ours, somebody's beside whom we stand, or a limit that nobody passes. */
export type Tone = 'own' | 'peer' | 'limit'

export interface Bar {
  readonly label: string
  readonly tone: Tone
  /** Lengths that are put one behind the other. */
  readonly parts: readonly { readonly value: number; readonly className: string }[]
  /** Where the rounds lay, drawn as a whisker. */
  readonly whisker?: { readonly from: number; readonly to: number }
  /** What stands behind the bar. */
  readonly text: string
}

const labelWidth = 230
const plotWidth = 520
const textWidth = 150
const rowHeight = 26
const barHeight = 16

/** Horizontal bars on one scale that begins at zero, as SVG; classes are coloured by the page. */
export const barPlot = (title: string, bars: readonly Bar[]): string => {
  const longest = Math.max(...bars.map(extent), Number.MIN_VALUE)
  const scale = (value: number) => (value / longest) * plotWidth
  const height = bars.length * rowHeight
  const width = labelWidth + plotWidth + textWidth
  const rows = bars.map((bar, place) => drawBar(bar, place * rowHeight, scale)).join('')
  return (
    `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${escapeHtml(title)}">` +
    `<line class="axis" x1="${labelWidth}" x2="${labelWidth}" y1="0" y2="${height}"/>${rows}</svg>`
  )
}

const lengthOf = ({ parts }: Bar) => parts.reduce((sum, { value }) => sum + value, 0)

const extent = (bar: Bar) => Math.max(lengthOf(bar), bar.whisker?.to ?? 0)

const drawBar = (bar: Bar, top: number, scale: (value: number) => number) => {
  const middle = top + rowHeight / 2
  let from = labelWidth
  const parts = bar.parts.map(({ value, className }) => {
    const width = scale(value)
    const y = middle - barHeight / 2
    const part = `<rect class="${className}" x="${round(from)}" y="${y}" width="${round(width)}" height="${barHeight}"/>`
    from += width
    return part
  })
  const end = labelWidth + scale(extent(bar)) + 8
  return (
    `<text class="label ${bar.tone}" x="${labelWidth - 8}" y="${middle + 4}" text-anchor="end">${escapeHtml(bar.label)}</text>` +
    parts.join('') +
    drawWhisker(bar, middle, scale) +
    `<text class="value" x="${round(end)}" y="${middle + 4}">${escapeHtml(bar.text)}</text>`
  )
}

const drawWhisker = ({ whisker }: Bar, middle: number, scale: (value: number) => number) => {
  if (!whisker || whisker.from === whisker.to) return ''
  const [x1, x2] = [labelWidth + scale(whisker.from), labelWidth + scale(whisker.to)].map(round)
  const ends = [x1, x2].map((x) => `M${x} ${middle - 4}V${middle + 4}`).join('')
  return `<path class="whisker" d="M${x1} ${middle}H${x2}${ends}"/>`
}

const round = (value: number) => Math.round(value * 10) / 10
