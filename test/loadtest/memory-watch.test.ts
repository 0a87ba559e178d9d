import { describe, expect, it } from 'vitest'

import { memoryWatchOf } from '../../loadtest/memory-watch.ts'

describe('the watch over memory', () => {
  it('allows 1 MB a minute for hours, and what a young heap gains for minutes', () => {
    expect(memoryWatchOf(7200)).toEqual({ warmUpS: 600, readEveryS: 10, slopeMax: 1 })
    expect(memoryWatchOf(120)).toEqual({ warmUpS: 40, readEveryS: 2, slopeMax: 33.75 })
  })

  it('finds a leak of 1 MB a minute in an hour', () => {
    expect(memoryWatchOf(55 * 60).slopeMax).toBe(1)
    expect(memoryWatchOf(54 * 60).slopeMax).toBeGreaterThan(1)
  })

  it('judges no slope of less than a minute', () => {
    expect(memoryWatchOf(90).slopeMax).toBe(45)
    expect(memoryWatchOf(89).slopeMax).toBeUndefined()
  })
})
