import { describe, expect, it } from 'vitest'
import { deviation, quantile, spreadOf } from '../../loadtest/bench/statistics.ts'

describe('the rounds of a measurement', () => {
  it('are told by their median and extremes, in whatever order they came', () => {
    expect(spreadOf([30, 10, 20])).toEqual({ median: 20, min: 10, max: 30 })
  })

  it('have the mean of the middle two as median when they are even in number', () => {
    expect(spreadOf([1, 2, 4, 9]).median).toBe(3)
  })

  it('deviate by their farther extreme', () => {
    expect(deviation({ median: 100, min: 96, max: 110 })).toBe(0.1)
  })

  it('must be one at least', () => {
    expect(() => spreadOf([])).toThrow('expected at least one round')
  })
})

describe('a quantile', () => {
  it('lies between two values in proportion', () => {
    expect(quantile([0, 10], 0.25)).toBe(2.5)
  })

  it('of one value is that value', () => {
    expect(quantile([7], 0.99)).toBe(7)
  })
})
