import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { createAttempts } from '../../lib/attempts.ts'
import type { Loan } from '../../lib/lending.ts'
import { createRunRead } from '../../lib/run-read.ts'

describe('a read whose connection is lost', () => {
  it('settles by its deadline, though the database does not answer whether it is there', async () => {
    const loan = { end: () => undefined } as unknown as Loan
    const runRead = createRunRead(
      createAttempts({
        lending: { borrow: () => Promise.resolve(loan) },
        follower: { recheck: () => sleep(1000) },
        deadlineMs: 200,
      }),
    )
    const lost = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' })
    const started = performance.now()

    const read = runRead(() => Promise.reject(lost))

    await expect(read).rejects.toThrow('no database answered in time')
    expect(performance.now() - started).toBeLessThan(500)
  })
})
