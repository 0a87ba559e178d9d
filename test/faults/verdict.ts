import { endMs, isGood, isRefusal, type Outcome } from './load/outcome.ts'

/** What is counted of a number of requests. */
export interface Tally {
  readonly requests: number
  /** Neither a good answer nor a refusal with Retry-After, or one that took longer than anybody waits. */
  readonly failed: number
  readonly stale: number
  readonly refused: number
}

/** An answer that takes longer counts as none. */
export const answerMsMax = 5_000

/** Within so long after a fault, and again after its end, the service is as good as before. */
export const recoveryMsMax = 5_000
/** How long to look after the end of a fault: just longer, so that a recovery that is late is seen to be. */
export const afterFaultMs = 5_200

const windowMs = 2_000
const windowReadsMin = 100
const windowStepMs = 50
const quickMs = 50

/** Counts outcomes; `isStale` says which answers were older than they should be, by default those that say so themselves. */
export const tally = (
  outcomes: readonly Outcome[],
  isStale = (outcome: Outcome) => outcome.isStale,
): Tally => ({
  requests: outcomes.length,
  failed: outcomes.filter(hasFailed).length,
  stale: outcomes.filter((outcome) => isGood(outcome) && isStale(outcome)).length,
  refused: outcomes.filter(isRefusal).length,
})

export const hasFailed = (outcome: Outcome): boolean =>
  !(isGood(outcome) || isRefusal(outcome)) || outcome.tookMs > answerMsMax

/** The longest time between `fromMs` and `toMs` in which no good answer was completed. */
export const worstGapMs = (outcomes: readonly Outcome[], fromMs: number, toMs: number): number => {
  const ends = outcomes.filter(isGood).map(endMs)
  const moments = [fromMs, ...ends.filter((at) => at > fromMs && at < toMs), toMs].toSorted(
    (a, b) => a - b,
  )
  return moments.reduce((worst, at, place) => Math.max(worst, at - (moments[place - 1] ?? at)), 0)
}

/**
 * How long after `fromMs` the first 2 s were over in which, among at least 100 reads, the 99th percentile was at most 50 ms,
 * whatever is no good answer counting as infinitely slow; Infinity when that did not come before `toMs`.
 */
export const recoveryMs = (outcomes: readonly Outcome[], fromMs: number, toMs: number): number => {
  for (let startMs = fromMs; startMs + windowMs <= toMs; startMs += windowStepMs) {
    const reads = outcomes.filter(({ dueMs }) => dueMs >= startMs && dueMs < startMs + windowMs)
    if (reads.length >= windowReadsMin && latencyAt(reads, 0.99) <= quickMs)
      return startMs + windowMs - fromMs
  }
  return Infinity
}

/** A quantile of the latencies, whatever is no good answer counting as infinitely slow; 0 without reads. */
const latencyAt = (outcomes: readonly Outcome[], share: number): number =>
  quantile(
    outcomes.map((outcome) => (isGood(outcome) ? outcome.tookMs : Infinity)),
    share,
  )

/** The smallest value that at least this share of all do not exceed; 0 of none. */
export const quantile = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.max(0, Math.ceil(values.length * share) - 1)] ?? 0

/** How late the generator itself was, at the 99th percentile: past a few milliseconds it measured itself. */
export const latenessMs = (outcomes: readonly Outcome[]): number =>
  quantile(
    outcomes.map(({ lateMs }) => lateMs),
    0.99,
  )
