import { highestStep, recoveryOf, recoveryVerdict } from './findings.ts'
import type { Capacity } from './findings.ts'
import { isGeneratorFull } from './generator.ts'
import type { K6Summary, Verdict } from './k6-summary.ts'
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
  /** False when only right answers were promised, not how fast they come. */
  readonly speedPromised: boolean
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
  const measured = { ...conditions, startedMs, series, parts }
  const findings = findingsOf(measured, { ...k6Run, legs: reached })
  const verdicts = [
    ...summary.verdicts.filter(({ metric }) => !isOfUnreached(metric, k6Run.legs, reached)),
    ...ownVerdicts(measured, findings),
  ]
  return {
    ...measured,
    ...summary,
    verdicts,
    durationS: (endedMs - startedMs) / 1000,
    cache: cacheTotalsOf(record),
    legs: reached.map((leg) => measureLeg(leg, series, parts, startedMs)),
    machineCores,
    findings,
    exitCode: exitCodeOf(k6Run, findings, verdicts),
  }
}

type Measured = Conditions & Pick<Run, 'startedMs' | 'series' | 'parts'>

function findingsOf(run: Measured, { legs, summary, record }: K6Run): Findings {
  if (run.scenario === 'breakpoint') {
    const step = highestStep(legs, summary.verdicts)
    return { capacity: { ...step, generatorFull: isGeneratorFull(run) } }
  }
  const surge = legs.find(({ name }) => name === 'surge')
  if (surge !== undefined) return { recoveryS: recoveryOf(run.series, run.startedMs, surge) }
  const slope = record.total?.of['memory_slope']?.['value']
  return slope === undefined ? {} : { memorySlopeMbPerMinute: slope }
}

// What k6 cannot judge: when a spike was over is known only afterwards.
function ownVerdicts({ speedPromised, series }: Measured, { recoveryS }: Findings): Verdict[] {
  return speedPromised && recoveryS !== undefined ? [recoveryVerdict(recoveryS, series)] : []
}

// A step that the stair did not reach has promised nothing.
function isOfUnreached(metric: string, legs: readonly Leg[], reached: readonly Leg[]): boolean {
  const name = /\{scenario:(.+)\}$/.exec(metric)?.[1]
  return legs.some((leg) => leg.name === name) && !reached.some((leg) => leg.name === name)
}

const promiseBroken = 99

// A stair ends by breaking a promise of speed; a wrong answer on the way is a failure all the same.
function exitCodeOf(
  { exitCode, summary }: K6Run,
  { capacity }: Findings,
  verdicts: readonly Verdict[],
): number {
  const found = capacity !== undefined && capacity.rps > 0 && summary.checksFailed === 0
  if (exitCode === promiseBroken && found) return 0
  return exitCode === 0 && verdicts.some(({ kept }) => !kept) ? promiseBroken : exitCode
}
