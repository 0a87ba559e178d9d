import { beforeDeadline } from './before-deadline.ts'
import type { Database } from './database.ts'
import { FailedAttempt } from './failed-attempt.ts'
import type { Lending, Loan } from './lending.ts'
import { classifyReadFailure } from './read-failure.ts'
import type { ReleaseFollower } from './release-follower.ts'
import { UnavailableError } from './unavailable.ts'

/** Work on a borrowed connection, which it may outlive in vain. When it succeeds the loan is its own to end. */
export type BorrowedWork<T> = (loan: Loan) => Promise<T>

/**
 * Does work on a borrowed connection; once more, on another database where there is one, when the first did not answer in time or
 * the connection or the release went away. Settles by the deadline: rejects with an UnavailableError when no database
 * answers in time, with the error itself when it is a bug.
 */
export type Attempts = <T>(work: BorrowedWork<T>) => Promise<T>

export interface AttemptsOptions {
  readonly lending: Pick<Lending, 'borrow'>
  readonly follower: Pick<ReleaseFollower, 'canReadOther' | 'recheck'>
  /** How long a database may take when there is another one to ask. */
  readonly attemptMs: number
  /** How long all may take, waiting and connecting included. */
  readonly deadlineMs: number
}

/** The rule for every read of the catalogue: one deadline over all, a second attempt where it can help. */
export const createAttempts = (options: AttemptsOptions): Attempts => {
  const { lending, follower, attemptMs, deadlineMs } = options

  const attempt = async <T>(work: BorrowedWork<T>, deadline: number, except?: Database) => {
    const loan = await lending.borrow(deadline, except)
    const hasOther = follower.canReadOther(loan.database)
    const limit = hasOther ? Math.min(performance.now() + attemptMs, deadline) : deadline
    try {
      return await beforeDeadline(work(loan), limit)
    } catch (error) {
      loan.end(error)
      throw new FailedAttempt(loan.database, error)
    }
  }

  /** The database that a second attempt leaves out, undefined for none; throws the error again when it would not help. */
  const exceptAfter = async (error: unknown, deadline: number): Promise<Database | undefined> => {
    if (!(error instanceof FailedAttempt)) throw error
    const { database, cause } = error
    const failure = classifyReadFailure(cause)
    if (failure === 'bug' || performance.now() >= deadline) throw error
    // Its answer also says which release is live, if the one that was read is gone.
    if (failure === 'gone') await beforeDeadline(follower.recheck(database), deadline)
    if (follower.canReadOther(database)) return database
    if (failure === 'slow') throw error
    return undefined
  }

  return async (work) => {
    const deadline = performance.now() + deadlineMs
    try {
      return await attempt(work, deadline)
    } catch (error) {
      const except = await exceptAfter(error, deadline).catch(refuse)
      return attempt(work, deadline, except).catch(refuse)
    }
  }
}

/** Says what the reader is to know of a failure. */
const refuse = (error: unknown): never => {
  const cause = error instanceof FailedAttempt ? error.cause : error
  if (cause instanceof UnavailableError || classifyReadFailure(cause) === 'bug') throw cause
  throw new UnavailableError('the database could not be read', { cause })
}
