import { recovery } from '../recovery.ts'
import type { Verdict } from './k6-summary.ts'
import type { Leg } from './legs.ts'
import type { Series } from './series.ts'

const recoveredForS = 2

/**
 * Seconds from the end of a leg until the service is as before: 2 s in which it answered, nothing failed,
 * nothing was dropped and the p99 was at most 50 ms. Null when that did not come any more.
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
  // Silence is no recovery: a service that hangs has no slow answer either.
  return (p99Ms[i] ?? Infinity) <= recovery.p99MsMax && !failedShare[i] && !droppedPerS[i]
}

/** The promise that the spike is over in time, which k6 cannot judge: in the form of k6's own. */
export function recoveryVerdict(recoveryS: number | null, { periodS }: Series): Verdict {
  // A spike of more than five minutes is recorded by periods of 2 s and more, and told by whole ones.
  const maxS = Math.max(recovery.withinS, periodS)
  return {
    metric: 'recovery_s',
    promise: `value<=${maxS}`,
    kept: recoveryS !== null && recoveryS <= maxS,
    value: recoveryS ?? undefined,
    measured: true,
  }
}

/** The highest step of the stair on which every promise was kept, and the first promise broken. */
interface Step {
  readonly rps: number
  readonly broken: Verdict | undefined
}

/** What the stair found; the service carries more when the generator, not the service, was at its end. */
export interface Capacity extends Step {
  readonly generatorFull: boolean
}

/** The capacity for a title: "at least" unless it was the service that broke a promise. */
export function capacityInWords({ rps, broken, generatorFull }: Capacity): string {
  const rate = `${rps.toLocaleString('en')} requests/s`
  if (broken === undefined) return `capacity at least ${rate}: no promise broke`
  return generatorFull
    ? `capacity at least ${rate}: the generator was at its end`
    : `capacity ${rate}`
}

/** Reads the highest step from the steps that were reached, which are named `at_` and their rate. */
export function highestStep(steps: readonly Leg[], verdicts: readonly Verdict[]): Step {
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
