import type { Database } from './database.ts'
import { UnavailableError } from './unavailable.ts'

/** Someone who waits for a loan; served or refused once, whichever comes first. */
export interface Borrower<T> {
  /** The database that would not help; undefined when any would. */
  readonly except: Database | undefined
  readonly serve: (loan: T) => void
  readonly refuse: (error: unknown) => void
  /** Whether it was served or refused, or its time is over. */
  readonly isGone: () => boolean
}

/** Those who wait for a loan, first come first. */
export interface BorrowerLine<T> {
  /** Waits for a loan; rejects with an UnavailableError when there is none by the deadline (as of performance.now()). */
  readonly join: (deadline: number, except: Database | undefined) => Promise<T>
  /** Takes out the first who can be served; undefined when there is none. */
  readonly next: (canBeServed: (borrower: Borrower<T>) => boolean) => Borrower<T> | undefined
  /** Puts back, before all others, who could not be served after all. */
  readonly putBack: (borrower: Borrower<T>) => void
  readonly refuseAll: (error: unknown) => void
  readonly length: () => number
}

export const createBorrowerLine = <T>(): BorrowerLine<T> => {
  const line: Borrower<T>[] = []

  const leave = (borrower: Borrower<T>) => {
    const index = line.indexOf(borrower)
    if (index !== -1) line.splice(index, 1)
  }

  const join = (deadline: number, except: Database | undefined) =>
    new Promise<T>((resolve, reject) => {
      let isGone = false
      const once =
        <V>(settle: (value: V) => void) =>
        (value: V) => {
          if (isGone) return
          isGone = true
          clearTimeout(timer)
          settle(value)
        }
      const borrower = {
        except,
        serve: once(resolve),
        refuse: once(reject),
        isGone: () => isGone,
      }
      const timer = setTimeout(() => {
        leave(borrower)
        borrower.refuse(new UnavailableError('no connection to a database was free in time'))
      }, deadline - performance.now())
      line.push(borrower)
    })

  return {
    join,
    next: (canBeServed) => {
      const index = line.findIndex(canBeServed)
      return index === -1 ? undefined : line.splice(index, 1)[0]
    },
    putBack: (borrower) => line.unshift(borrower),
    refuseAll: (error) => {
      for (const borrower of line.splice(0)) borrower.refuse(error)
    },
    length: () => line.length,
  }
}
