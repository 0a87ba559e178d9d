import type { Attempts } from './attempts.ts'
import type { Loan } from './lending.ts'

/** A read whose result is held as a whole. */
export type ReadJob<T> = (loan: Loan) => Promise<T>

/** Runs a read for the release that is live when it begins; settles by the deadline, see Attempts. */
export type RunRead = <T>(job: ReadJob<T>) => Promise<T>

export const createRunRead =
  (attempts: Attempts): RunRead =>
  (job) =>
    attempts(async (loan) => {
      const result = await job(loan)
      loan.end()
      return result
    })
