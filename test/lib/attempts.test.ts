import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { createAttempts } from '../../lib/attempts.ts'
import type { Database } from '../../lib/database.ts'
import { FailedAttempt } from '../../lib/failed-attempt.ts'
import type { Loan } from '../../lib/lending.ts'
import { UnavailableError } from '../../lib/unavailable.ts'

const [first, second] = [{ name: 'first' }, { name: 'second' }] as Database[]

interface Circumstances {
  readonly hasOther?: boolean
  /** Why no connection can be made to the first. */
  readonly refused?: Error
  readonly recheck?: () => Promise<void>
}

/** Attempts with one database, or with another besides; `asked` tells which ones did the work. */
const attemptsOn = ({ hasOther = true, refused, recheck = () => sleep(0) }: Circumstances) => {
  const asked: (string | undefined)[] = []
  const soundly: boolean[] = []
  const attempts = createAttempts({
    lending: {
      borrow: (_, except) => {
        const database = except === first ? second : first
        if (refused !== undefined && database === first)
          return Promise.reject(new FailedAttempt(first!, refused))
        const end = (failure?: unknown) => soundly.push(failure === undefined)
        return Promise.resolve({ database, end } as unknown as Loan)
      },
    },
    follower: { recheck, canReadOther: () => hasOther },
    attemptMs: 100,
    deadlineMs: 200,
  })
  const read = (work: (loan: Loan) => Promise<string>) =>
    attempts((loan) => {
      asked.push(loan.database.name)
      return work(loan)
    })
  return { read, asked, soundly }
}

const withCode = (code: string) => Object.assign(new Error('failed'), { code })
const never = () => new Promise<string>(() => undefined)

/** Work that fails on the first database only. */
const failingWith =
  (fail: () => Promise<string>) =>
  ({ database }: Loan) =>
    database === first ? fail() : Promise.resolve('read')

describe('a read that fails', () => {
  it.each([
    ['its connection was ended', () => Promise.reject(withCode('57P01'))],
    ['its connection was reset', () => Promise.reject(withCode('ECONNRESET'))],
    ['the standby replays what it conflicts with', () => Promise.reject(withCode('40001'))],
    ['the statement timed out', () => Promise.reject(withCode('57014'))],
    ['the database says nothing', never],
  ])('because %s is done on another database', async (_, fail) => {
    const { read, asked, soundly } = attemptsOn({})

    expect(await read(failingWith(fail))).toBe('read')

    expect(asked).toEqual(['first', 'second'])
    expect(soundly).toEqual([false])
  })

  it.each([withCode('ECONNREFUSED'), new Error('Connection terminated due to connection timeout')])(
    'to connect (%s) is done on another database',
    async (refused) => {
      const { read, asked } = attemptsOn({ refused })

      expect(await read(() => Promise.resolve('read'))).toBe('read')

      expect(asked).toEqual(['second'])
    },
  )

  it('because the connection was ended is done once more where there is no other database', async () => {
    const { read, asked } = attemptsOn({ hasOther: false })

    await expect(read(() => Promise.reject(withCode('57P01')))).rejects.toThrow(UnavailableError)

    expect(asked).toEqual(['first', 'first'])
  })

  it('because it took too long is not asked of the same database again', async () => {
    const { read, asked } = attemptsOn({ hasOther: false })

    await expect(read(() => Promise.reject(withCode('57014')))).rejects.toThrow(UnavailableError)

    expect(asked).toEqual(['first'])
  })

  it('by a mistake of ours is not done again and says which', async () => {
    const { read, asked } = attemptsOn({})
    const mistake = withCode('22003')

    await expect(read(() => Promise.reject(mistake))).rejects.toBe(mistake)

    expect(asked).toEqual(['first'])
  })

  it.each([
    ['no database answers', {}, never],
    [
      'nobody says whether it is there',
      { recheck: () => sleep(1000) },
      () => Promise.reject(withCode('ECONNRESET')),
    ],
  ])('settles by its deadline, though %s', async (_, circumstances, work) => {
    const { read } = attemptsOn(circumstances)
    const started = performance.now()

    await expect(read(work)).rejects.toThrow('no database answered in time')

    expect(performance.now() - started).toBeGreaterThan(150)
    expect(performance.now() - started).toBeLessThan(500)
  })
})
