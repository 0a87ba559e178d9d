import { describe, expect, it } from 'vitest'
import type { Outcome } from './load/outcome.ts'
import { recoveryMs, tally, worstGapMs } from './verdict.ts'

const good: Outcome = {
  target: '/products/1',
  kind: 'hot',
  isWarm: true,
  dueMs: 0,
  tookMs: 2,
  lateMs: 0,
  status: 200,
  isRight: true,
  release: 1,
  isStale: false,
  hasRetryAfter: false,
  markers: 0,
}

/** A hundred reads a second, from 0 to `untilMs`; `change` alters some. */
const reads = (untilMs: number, change: (dueMs: number) => Partial<Outcome> = () => ({})) =>
  Array.from({ length: untilMs / 10 }, (_, place) => ({
    ...good,
    dueMs: place * 10,
    ...change(place * 10),
  }))

describe('what is counted', () => {
  it('as failed: no answer, a wrong 404, a 503 without Retry-After, another 5xx, and what took over 5 s', () => {
    const outcomes = [
      { ...good, status: 0 },
      { ...good, status: 404, isRight: false },
      { ...good, status: 503 },
      { ...good, status: 502 },
      { ...good, tookMs: 5_001 },
    ]

    expect(tally(outcomes)).toMatchObject({ requests: 5, failed: 5, refused: 0 })
  })

  it('as neither failed nor good: a 503 with Retry-After', () => {
    const outcomes = [good, { ...good, status: 503, hasRetryAfter: true }]

    expect(tally(outcomes)).toEqual({ requests: 2, failed: 0, stale: 0, refused: 1 })
  })

  it('as good: 200, 304 and a right 404; those that say so are stale besides', () => {
    const outcomes = [good, { ...good, status: 304, isStale: true }, { ...good, status: 404 }]

    expect(tally(outcomes)).toEqual({ requests: 3, failed: 0, stale: 1, refused: 0 })
  })
})

describe('the worst gap', () => {
  it('is the longest time without the end of a good answer, the edges included', () => {
    const outcomes = [
      { ...good, dueMs: 100, tookMs: 0 },
      { ...good, dueMs: 300, tookMs: 0, status: 503 },
      { ...good, dueMs: 150, tookMs: 300 },
    ]

    expect(worstGapMs(outcomes, 0, 500)).toBe(350)
    expect(worstGapMs([], 0, 500)).toBe(500)
  })
})

describe('the recovery', () => {
  it('takes the 2 s that show it when nothing was lost', () => {
    expect(recoveryMs(reads(5_000), 0, 5_000)).toBe(2_000)
  })

  it('begins when slow and failed reads are at most one in a hundred', () => {
    const slow = reads(6_000, (dueMs) => (dueMs < 1_000 ? { tookMs: 51 } : {}))
    const failed = reads(6_000, (dueMs) => (dueMs < 1_000 ? { status: 503 } : {}))

    // Of 200 reads, two may be bad.
    expect(recoveryMs(slow, 0, 6_000)).toBe(3_000)
    expect(recoveryMs(failed, 0, 6_000)).toBe(3_000)
  })

  it('does not come of too few reads, nor after the time that is looked at', () => {
    const few = reads(5_000).filter((_, place) => place % 3 === 0)

    expect(recoveryMs(few, 0, 5_000)).toBe(Infinity)
    expect(recoveryMs(reads(5_000), 3_500, 5_000)).toBe(Infinity)
  })
})
