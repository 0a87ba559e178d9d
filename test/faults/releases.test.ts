import { describe, expect, it } from 'vitest'
import { isMixed, isTooOld } from './releases.ts'
import type { Outcome } from './load/outcome.ts'

const answer = (release: number, dueMs: number, markers = 0): Outcome => ({
  target: '/products/1',
  kind: 'hot',
  isWarm: true,
  dueMs,
  tookMs: 0,
  lateMs: 0,
  status: 200,
  isRight: true,
  release,
  isStale: false,
  hasRetryAfter: false,
  markers,
})

describe('an answer of a former release', () => {
  const moves = [
    { release: 1, atMs: -Infinity },
    { release: 2, atMs: 1_000 },
    { release: 1, atMs: 9_000 },
  ]

  it('is too old when the pointer moved away longer ago than is allowed', () => {
    expect(isTooOld(answer(1, 3_999), moves, 3_000)).toBe(false)
    expect(isTooOld(answer(1, 4_001), moves, 3_000)).toBe(true)
    expect(isTooOld(answer(1, 9_001), moves, 3_000)).toBe(false)
    expect(isTooOld(answer(2, 12_001), moves, 3_000)).toBe(true)
  })

  it('is never one of a release that is not live yet', () => {
    expect(isTooOld(answer(2, 999), moves, 3_000)).toBe(true)
  })
})

describe('an answer', () => {
  it('is mixed when its body shows two releases, or another one than its header', () => {
    expect(isMixed(answer(7, 0, 0b01), [7, 8])).toBe(false)
    expect(isMixed(answer(8, 0, 0b10), [7, 8])).toBe(false)
    expect(isMixed(answer(7, 0, 0b11), [7, 8])).toBe(true)
    expect(isMixed(answer(7, 0, 0b10), [7, 8])).toBe(true)
    expect(isMixed(answer(7, 0, 0b00), [7, 8])).toBe(false)
  })
})
