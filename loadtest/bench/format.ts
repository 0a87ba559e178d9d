import { type Spread, deviation } from './statistics.ts'

/** 23456.7 → 23,457; below ten with one decimal, below one with two. */
export const formatNumber = (value: number): string =>
  value.toLocaleString('en-GB', {
    maximumFractionDigits: Math.abs(value) < 1 ? 2 : Math.abs(value) < 10 ? 1 : 0,
  })

/** A median with the distance of its extremes: `23,457 ± 4 %`. */
export const formatSpread = (spread: Spread): string =>
  spread.min === spread.max
    ? formatNumber(spread.median)
    : `${formatNumber(spread.median)} ± ${Math.ceil(deviation(spread) * 100)} %`

/** Bytes as megabytes. */
export const formatMegabytes = (bytes: number): string => formatNumber(bytes / 1e6)
