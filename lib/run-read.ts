import type { PoolClient } from 'pg'
import type { Attempts } from './attempts.ts'
import { beforeDeadline } from './before-deadline.ts'

/** A read whose result is held as a whole. */
export type ReadJob<T> = (client: PoolClient, release: number) => Promise<T>

/** Runs a read for the release that is live when it begins; settles by the deadline, see Attempts. */
export type RunRead = <T>(job: ReadJob<T>) => Promise<T>

export const createRunRead =
  (attempts: Attempts): RunRead =>
  (job) =>
    attempts(async (loan, deadline) => {
      const result = await beforeDeadline(job(loan.client, loan.release), deadline)
      loan.end()
      return result
    })
