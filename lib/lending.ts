import type { Pool, PoolClient } from 'pg'
import { type Borrower, createBorrowerLine } from './borrower-line.ts'
import { type Database, giveBack } from './database.ts'
import { FailedAttempt } from './failed-attempt.ts'
import type { ReleaseFollower } from './release-follower.ts'
import { UnavailableError } from './unavailable.ts'

/** A connection lent for one piece of work. */
export interface Loan {
  readonly client: PoolClient
  readonly database: Database
  /** The release to read; live when the loan began. */
  readonly release: number
  /** Ends the loan; with a failure the connection is closed, because what it would say next is unknown. Once is enough. */
  readonly end: (failure?: unknown) => void
}

/** Lends the connections of all databases, first come first served. */
export interface Lending {
  /**
   * Lends a connection to the least busy database that can be read, `except` that one. Rejects with an UnavailableError when no
   * database answers, too many wait, or the time is over (as of performance.now()); with a FailedAttempt when connecting fails.
   */
  readonly borrow: (deadline: number, except?: Database) => Promise<Loan>
  /** Looks again for who can be served, after a database came or went. */
  readonly wake: () => void
  readonly waiting: () => number
  /** How many connections to a database are lent. */
  readonly lent: (database: Database) => number
}

export interface LendingOptions {
  readonly databases: readonly Database[]
  readonly follower: Pick<ReleaseFollower, 'canRead' | 'obstacle' | 'recheck' | 'release'>
  readonly poolOf: (database: Database) => Pool
  readonly connectionsMax: number
  readonly waitingMax: number
}

export const createLending = (options: LendingOptions): Lending => {
  const { databases, follower, poolOf, connectionsMax, waitingMax } = options
  const line = createBorrowerLine<Loan>()
  const lent = new Map(databases.map((database) => [database, 0]))
  const lentBy = (database: Database) => lent.get(database) ?? 0
  const count = (database: Database, change: number) =>
    lent.set(database, lentBy(database) + change)

  const borrow = (deadline: number, except?: Database) => {
    if (line.length() >= waitingMax && leastBusy(except) === undefined) {
      const why = follower.obstacle() ?? 'too many reads are waiting'
      return Promise.reject(new UnavailableError(why))
    }
    const loan = line.join(deadline, except)
    wake()
    return loan
  }

  const wake = () => {
    const obstacle = follower.obstacle()
    if (obstacle !== undefined) line.refuseAll(new UnavailableError(obstacle))
    // Without a free connection nobody is looked at: up to 2000 may wait.
    while (leastBusy() !== undefined) {
      const borrower = line.next(({ except }) => leastBusy(except) !== undefined)
      const database = leastBusy(borrower?.except)
      if (borrower === undefined || database === undefined) return
      void lend(borrower, database)
    }
  }

  const leastBusy = (except?: Database): Database | undefined => {
    let best: Database | undefined
    for (const database of databases) {
      if (database === except || lentBy(database) >= connectionsMax) continue
      if (!follower.canRead(database)) continue
      if (best === undefined || lentBy(database) < lentBy(best)) best = database
    }
    return best
  }

  const lend = async (borrower: Borrower<Loan>, database: Database) => {
    count(database, 1)
    try {
      const client = await poolOf(database).connect()
      const loan = createLoan(client, database)
      // While it connected, another release may have come to life that this database has not shown yet.
      if (!borrower.isGone() && follower.canRead(database)) return borrower.serve(loan)
      if (!borrower.isGone()) line.putBack(borrower)
      loan.end()
    } catch (error) {
      borrower.refuse(new FailedAttempt(database, error))
      // Until it is known whether the database answers, nobody else is sent there in this one's place.
      await follower.recheck(database)
      count(database, -1)
      wake()
    }
  }

  const createLoan = (client: PoolClient, database: Database): Loan => {
    let isOver = false
    const end = (failure?: unknown) => {
      if (isOver) return
      isOver = true
      giveBack(client, failure)
      count(database, -1)
      wake()
    }
    return { client, database, release: follower.release() ?? 0, end }
  }

  return { borrow, wake, waiting: line.length, lent: lentBy }
}
