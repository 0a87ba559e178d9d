import { beforeDeadline } from './before-deadline.ts'
import type { Lending, Loan } from './lending.ts'
import { classifyReadFailure } from './read-failure.ts'
import type { ReleaseFollower } from './release-follower.ts'
import { UnavailableError } from './unavailable.ts'

/** Work on a borrowed connection that should end by the deadline. When it succeeds the loan is its own to end. */
export type BorrowedWork<T> = (loan: Loan, deadline: number) => Promise<T>

/**
 * Does work on a borrowed connection; once more when the connection or the release went away under it. Rejects with an
 * UnavailableError when no database answers in time, with the error itself when it is a bug.
 */
export type Attempts = <T>(work: BorrowedWork<T>) => Promise<T>

export interface AttemptsOptions {
  readonly lending: Pick<Lending, 'borrow'>
  readonly follower: Pick<ReleaseFollower, 'recheck'>
  readonly deadlineMs: number
}

const attemptsMax = 2

/** The rule for every read of the catalogue: one deadline over all, a second attempt where it can help. */
export const createAttempts = ({ lending, follower, deadlineMs }: AttemptsOptions): Attempts => {
  const attempt = async <T>(work: BorrowedWork<T>, deadline: number): Promise<T> => {
    const loan = await lending.borrow(deadline)
    try {
      return await work(loan, deadline)
    } catch (error) {
      loan.end(error)
      if (classifyReadFailure(error) === 'gone') {
        await beforeDeadline(follower.recheck(loan.database), deadline)
      }
      throw error
    }
  }

  return async (work) => {
    const deadline = performance.now() + deadlineMs
    for (let attempts = 1; ; attempts += 1) {
      try {
        return await attempt(work, deadline)
      } catch (error) {
        const failure = classifyReadFailure(error)
        if (failure === 'bug') throw error
        if (failure === 'slow' || attempts === attemptsMax) throw unavailable(error)
      }
    }
  }
}

const unavailable = (error: unknown): UnavailableError =>
  error instanceof UnavailableError
    ? error
    : new UnavailableError('the database could not be read', { cause: error })
