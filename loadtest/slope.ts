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

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length)
}
