import { describe, expect, it } from 'vitest'

import { floorSlopePerMinute, slopePerMinute } from '../../loadtest/slope.ts'

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

describe('the slope of the floor', () => {
  /** Teeth of 10 MB, each of two minutes, on what stays, looked at for eight minutes from a tooth's middle on. */
  const teeth = (stays: number) =>
    Array.from({ length: 97 }, (_, index) => {
      const atS = 60 + index * 5
      return { atS, value: 100 + ((atS % 120) / 120) * 10 + (stays * atS) / 60 }
    })

  it('is none of what goes again, though a line has one', () => {
    const cut = teeth(0).filter(({ atS }) => atS >= 120 && atS < 350)

    expect(slopePerMinute(cut)).toBeGreaterThan(0.5)
    expect(floorSlopePerMinute(cut)).toBe(0)
  })

  it('is that of what stays', () => {
    expect(floorSlopePerMinute(teeth(2))).toBeCloseTo(2)
  })

  it('is 0 without two halves', () => {
    expect(floorSlopePerMinute([{ atS: 3, value: 7 }])).toBe(0)
    expect(floorSlopePerMinute([])).toBe(0)
  })
})
