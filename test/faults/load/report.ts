import type { Outcome } from './outcome.ts'

/** What the generator tells now and then. */
export interface LoadReport {
  readonly outcomes: readonly Outcome[]
  /** Of all that was due before, the outcomes have been told. */
  readonly completeUntilMs: number
}
