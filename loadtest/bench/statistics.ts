/** What several rounds of one measurement say together. */
export interface Spread {
  readonly median: number
  readonly min: number
  readonly max: number
}

/** Median and extremes of the rounds; throws when there is none. */
export const spreadOf = (values: readonly number[]): Spread => {
  const sorted = values.toSorted((a, b) => a - b)
  const min = sorted[0]
  const max = sorted.at(-1)
  if (min === undefined || max === undefined) throw new Error('expected at least one round')
  return { median: quantile(sorted, 0.5), min, max }
}

/** The larger distance of an extreme from the median, as a share of the median: 0.04 reads ± 4 %. */
export const deviation = ({ median, min, max }: Spread): number =>
  median === 0 ? 0 : Math.max(median - min, max - median) / median

/** The value below which the share `q` of the ascending values lies, between two values in proportion. */
export const quantile = (ascending: ArrayLike<number>, q: number): number => {
  const place = (ascending.length - 1) * q
  const low = ascending[Math.floor(place)] ?? Number.NaN
  const high = ascending[Math.ceil(place)] ?? Number.NaN
  return low + (high - low) * (place - Math.floor(place))
}
