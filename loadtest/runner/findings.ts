import type { Verdict } from './k6-summary.ts'
import type { Leg } from './legs.ts'
import type { Series } from './series.ts'

const recoveredP99Ms = 50
const recoveredForS = 2

/**
 * Seconds from the end of a leg until the service is as before: 2 s in which nothing failed, nothing was
 * dropped and the p99 was at most 50 ms. Null when that did not come any more.
 */
export function recoveryOf(series: Series, startedMs: number, { endS }: Leg): number | null {
  const endMs = startedMs + endS * 1000
  const beganMs = series.atMs.map((atMs) => atMs - series.periodS * 1000)
  const periods = Math.ceil(recoveredForS / series.periodS)
  const good = beganMs.map((ms, i) => ms >= endMs && isGood(series, i))
  const first = good.findIndex((_, i) => {
    const stretch = good.slice(i, i + periods)
    return stretch.length === periods && stretch.every(Boolean)
  })
  return first < 0 ? null : ((beganMs[first] ?? endMs) - endMs) / 1000
}

function isGood({ p99Ms, failedShare, droppedPerS }: Series, i: number): boolean {
  return (p99Ms[i] ?? 0) <= recoveredP99Ms && !failedShare[i] && !droppedPerS[i]
}

/** The highest step of the stair on which every promise was kept, and the first promise broken. */
export interface Capacity {
  readonly rps: number
  readonly broken: Verdict | undefined
}

/** Reads the capacity from the steps that were reached, which are named `at_` and their rate. */
export function capacityOf(steps: readonly Leg[], verdicts: readonly Verdict[]): Capacity {
  let rps = 0
  for (const { name } of steps) {
    const broken = verdicts.find(
      ({ metric, kept }) => metric.includes(`{scenario:${name}}`) && !kept,
    )
    if (broken !== undefined) return { rps, broken }
    rps = Number(name.replace('at_', ''))
  }
  return { rps, broken: undefined }
}
