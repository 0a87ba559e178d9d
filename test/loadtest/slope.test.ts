import { describe, expect, it } from 'vitest'

import { slopePerMinute } from '../../loadtest/slope.ts'

describe('the slope of memory', () => {
  it('is the growth a minute of the line through the points', () => {
    const points = [0, 10, 20, 30].map((atS) => ({ atS, value: 100 + atS / 30 }))

    expect(slopePerMinute(points)).toBeCloseTo(2)
  })

  it('does not take a sawtooth for growth', () => {
    const points = Array.from({ length: 120 }, (_, i) => ({ atS: i * 5, value: 80 + (i % 4) }))

    expect(Math.abs(slopePerMinute(points))).toBeLessThan(0.02)
  })

  it('is 0 of one point and of none', () => {
    expect(slopePerMinute([{ atS: 3, value: 7 }])).toBe(0)
    expect(slopePerMinute([])).toBe(0)
  })
})
