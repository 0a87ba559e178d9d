import { endMs, isGood, type Outcome } from './load/outcome.ts'

/** From this moment on a release was live. */
export interface Move {
  readonly release: number
  readonly atMs: number
}

/** Whether an answer's release had not been live for longer than `graceMs` when it came. */
export const isTooOld = (outcome: Outcome, moves: readonly Move[], graceMs: number): boolean => {
  if (!isGood(outcome) || outcome.release === 0) return false
  const atMs = endMs(outcome)
  return !moves.some(
    ({ release, atMs: fromMs }, place) =>
      release === outcome.release &&
      fromMs <= atMs &&
      (moves[place + 1]?.atMs ?? Infinity) >= atMs - graceMs,
  )
}

/**
 * Whether an answer says in its body that it is of two releases, or of another one than its header says. The load looked for
 * the markers of `releases` in that order; a body without any, such as a list of ids, says nothing.
 */
export const isMixed = ({ markers, release }: Outcome, releases: readonly number[]): boolean =>
  markers !== 0 && markers !== 1 << releases.indexOf(release)
