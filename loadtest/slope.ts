export interface Point {
  readonly atS: number
  readonly value: number
}

/** The slope of the least-squares line through the points, in units a minute; 0 for fewer than two. */
export function slopePerMinute(points: readonly Point[]): number {
  const meanAt = mean(points.map(({ atS }) => atS))
  const meanValue = mean(points.map(({ value }) => value))
  let covariance = 0
  let variance = 0
  for (const { atS, value } of points) {
    covariance += (atS - meanAt) * (value - meanValue)
    variance += (atS - meanAt) ** 2
  }
  return variance === 0 ? 0 : (covariance / variance) * 60
}

/**
 * How the lowest value of the later half lies over that of the earlier one, in units a minute; 0 without both. A heap grows
 * until it is collected: a line through such teeth has a slope though nothing stays.
 */
export function floorSlopePerMinute(points: readonly Point[]): number {
  const from = points.at(0)?.atS ?? 0
  const halfS = ((points.at(-1)?.atS ?? 0) - from) / 2
  const floorOf = (half: readonly Point[]) => Math.min(...half.map(({ value }) => value))
  const earlier = points.filter(({ atS }) => atS < from + halfS)
  const later = points.filter(({ atS }) => atS >= from + halfS)
  return earlier.length === 0 ? 0 : ((floorOf(later) - floorOf(earlier)) / halfS) * 60
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length)
}
