import type { Outcome } from './load/outcome.ts'
import { latenessMs, recoveryMs, tally, type Tally, worstGapMs } from './verdict.ts'

/** One line of the table. Numbers that make no sense for a fault are left out. */
export interface Row extends Partial<Tally> {
  readonly fault: string
  readonly worstGapMs?: number
  /** The longest, when there was more to recover from than one event. */
  readonly recoveryMs?: number
  /** What is allowed, in words. */
  readonly bound: string
  /** What was outside of it, in words; empty when all was inside. */
  readonly broken: readonly string[]
  /** What was measured besides. */
  readonly notes?: readonly string[]
}

/** What happened to a load between two moments. */
export interface Measured {
  readonly outcomes: readonly Outcome[]
  readonly fromMs: number
  readonly toMs: number
}

/** Past this the generator was short of time itself, and what it measured says less about the service. */
const latenessMsMax = 20

/** The columns that every fault under load has. */
export const measuredColumns = ({ outcomes, fromMs, toMs }: Measured) => ({
  ...tally(outcomes),
  worstGapMs: worstGapMs(outcomes, fromMs, toMs),
  notes: saturationNotes(outcomes),
})

/** Says when the generator could not send in time. */
export const saturationNotes = (outcomes: readonly Outcome[]): string[] => {
  const lateMs = latenessMs(outcomes)
  if (lateMs <= latenessMsMax) return []
  return [`the generator was saturated: ${Math.round(lateMs)} ms late at the 99th percentile`]
}

/** How long it took to recover from each of some events, at most. */
export const slowestRecoveryMs = ({ outcomes, toMs }: Measured, events: readonly number[]) =>
  Math.max(...events.map((atMs) => recoveryMs(outcomes, atMs, toMs)))

/** Gives the texts whose condition holds: what is outside of its bound. */
export const brokenOf = (...checks: readonly (readonly [isBroken: boolean, text: string])[]) =>
  checks.filter(([isBroken]) => isBroken).map(([, text]) => text)

/** A time for people: tenths of a second, or `never`. */
export const inSeconds = (ms: number): string =>
  ms === Infinity ? 'never' : `${(ms / 1000).toFixed(1)} s`

/** Says of the worst outcomes what they were, a few of them, so that a failed run can be understood. */
export const examplesOf = (outcomes: readonly Outcome[]): string =>
  outcomes
    .slice(0, 3)
    .map(({ target, status, tookMs }) => `${target} ${status} after ${Math.round(tookMs)} ms`)
    .join(', ')
