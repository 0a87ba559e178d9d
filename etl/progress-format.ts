import type { Unit } from './progress.ts'

const counts = new Intl.NumberFormat('en', { useGrouping: true, maximumFractionDigits: 0 })
const megabytes = new Intl.NumberFormat('en', { maximumFractionDigits: 1 })

/** How much is done: `1,234 rows` where rows are known, else `1,234 products`. */
export function formatDone(done: number, rows: number, unit: Unit): string {
  if (unit === 'bytes') return `${counts.format(rows)} rows`
  return `${counts.format(done)} ${unit}`
}

/** The mean speed since the beginning: `1,234 rows/s 5.6 MB/s`, or `1,234 products/s`. */
export function formatRate(done: number, rows: number, unit: Unit, seconds: number): string {
  if (seconds <= 0) return ''
  if (unit !== 'bytes') return `${counts.format(done / seconds)} ${unit}/s`
  return `${counts.format(rows / seconds)} rows/s ${megabytes.format(done / 1e6 / seconds)} MB/s`
}
