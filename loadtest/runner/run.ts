import { capacityOf, recoveryOf } from './findings.ts'
import type { Capacity } from './findings.ts'
import type { K6Summary } from './k6-summary.ts'
import type { Leg } from './legs.ts'
import type { Machine } from './machine.ts'
import { measureLeg } from './measured-leg.ts'
import type { MeasuredLeg } from './measured-leg.ts'
import type { PartSeries, Sampled } from './part-sampler.ts'
import type { K6Run } from './run-k6.ts'
import { cacheTotalsOf, seriesOf } from './series.ts'
import type { CacheTotal, Series } from './series.ts'

/** What a run is read with: how it was started, against what, on which machine. */
export interface Conditions {
  readonly scenario: string
  /** What to type to run it again. */
  readonly command: string
  readonly target: string
  readonly products: number
  readonly machine: Machine
  readonly k6Version: string
  /** True when generator and service shared the machine. */
  readonly shared: boolean
  /** Cores that the generator was held to. */
  readonly generatorCores: number
}

/** Everything that is known of one run: what the report page shows, and the JSON beside it holds. */
export interface Run extends Conditions, K6Summary {
  readonly startedMs: number
  readonly durationS: number
  readonly cache: readonly CacheTotal[]
  readonly legs: readonly MeasuredLeg[]
  readonly series: Series
  readonly parts: readonly PartSeries[]
  /** Cores of this machine that were busy with anything at all. */
  readonly machineCores: number | undefined
  readonly findings: Findings
  /** 0 when the run kept its promises; a stair that found a capacity has kept them. */
  readonly exitCode: number
}

/** What a scenario was run to find out. */
interface Findings {
  /** Seconds until the service was as before the spike; null when it was not any more. */
  readonly recoveryS?: number | null
  readonly capacity?: Capacity
  readonly memorySlopeMbPerMinute?: number
}

/** Puts together what k6 measured and what the parts used. */
export function assembleRun(
  conditions: Conditions,
  k6Run: K6Run,
  { parts, machineCores }: Sampled,
): Run {
  const { summary, record } = k6Run
  const series = seriesOf(record)
  const endedMs = series.atMs.at(-1) ?? Date.now()
  // k6 notes when the load begins; its dashboard has begun before, with the virtual users.
  const startedMs = record.total?.of['began_ms']?.['value'] ?? endedMs
  const reached = k6Run.legs.filter(({ startS }) => startedMs + startS * 1000 < endedMs)
  const findings = findingsOf(conditions.scenario, { ...k6Run, legs: reached }, series, startedMs)
  return {
    ...conditions,
    ...summary,
    verdicts: summary.verdicts.filter(({ metric }) => !isOfUnreached(metric, k6Run.legs, reached)),
    startedMs,
    durationS: (endedMs - startedMs) / 1000,
    cache: cacheTotalsOf(record),
    legs: reached.map((leg) => measureLeg(leg, series, parts, startedMs)),
    series,
    parts,
    machineCores,
    findings,
    exitCode: exitCodeOf(k6Run, findings),
  }
}

function findingsOf(
  scenario: string,
  { legs, summary, record }: K6Run,
  series: Series,
  startedMs: number,
): Findings {
  if (scenario === 'breakpoint') return { capacity: capacityOf(legs, summary.verdicts) }
  const surge = legs.find(({ name }) => name === 'surge')
  if (surge !== undefined) return { recoveryS: recoveryOf(series, startedMs, surge) }
  const slope = record.total?.of['memory_slope']?.['value']
  return slope === undefined ? {} : { memorySlopeMbPerMinute: slope }
}

// A step that the stair did not reach has promised nothing.
function isOfUnreached(metric: string, legs: readonly Leg[], reached: readonly Leg[]): boolean {
  const name = /\{scenario:(.+)\}$/.exec(metric)?.[1]
  return legs.some((leg) => leg.name === name) && !reached.some((leg) => leg.name === name)
}

const promiseBroken = 99

// A stair ends by breaking a promise of speed; a wrong answer on the way is a failure all the same.
function exitCodeOf({ exitCode, summary }: K6Run, { capacity }: Findings): number {
  const found = capacity !== undefined && capacity.rps > 0 && summary.checksFailed === 0
  return exitCode === promiseBroken && found ? 0 : exitCode
}
