import type { Series } from '../../../loadtest/runner/series.ts'

/** A series of seconds from 0 on, as long as its first list, in which nothing happened but what is given. */
export function seriesWith(given: Partial<Series>): Series {
  const { length } = Object.values(given).find((one) => Array.isArray(one)) ?? []
  const nothing = Array.from({ length }, () => 0)
  return {
    periodS: 1,
    atMs: nothing.map((_, i) => (i + 1) * 1000),
    rps: nothing,
    receivedBytesPerS: nothing,
    failedShare: nothing,
    droppedPerS: nothing,
    users: nothing,
    p50Ms: nothing,
    p95Ms: nothing,
    p99Ms: nothing,
    maxMs: nothing,
    byCache: {},
    byStatus: {},
    ...given,
  }
}
