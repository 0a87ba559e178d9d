import type { Attempts } from './attempts.ts'
import { beforeDeadline } from './before-deadline.ts'
import type { Loan } from './lending.ts'

/** A read whose result is held as a whole. */
export type ReadJob<T> = (loan: Loan) => Promise<T>

/** Runs a read for the release that is live when it begins; settles by the deadline, see Attempts. */
export type RunRead = <T>(job: ReadJob<T>) => Promise<T>

export const createRunRead =
  (attempts: Attempts): RunRead =>
  (job) =>
    attempts(async (loan, deadline) => {
      const result = await beforeDeadline(job(loan), deadline)
      loan.end()
      return result
    })
