import { describe, expect, it } from 'vitest'
import { defaultGateLimits, type GatedCounts, gateRefusals } from '../../etl/gates.ts'

const thousand: GatedCounts = { lines: 1000, loaded: 1000, rejected: 0, rejectedBy: {} }

const rejecting = (rejected: number, reason = 'number'): GatedCounts => ({
  lines: 1000,
  loaded: 1000 - rejected,
  rejected,
  rejectedBy: { [reason]: rejected },
})

const refusalsOf = (skus: GatedCounts, live?: GatedCounts, limits = {}) =>
  gateRefusals(
    { 'product.csv': thousand, 'skus.csv': skus },
    live && { 'product.csv': thousand, 'skus.csv': live },
    { ...defaultGateLimits, ...limits },
  )

describe('the gates', () => {
  it('let pass what is just within the limits', () => {
    expect(refusalsOf(rejecting(100))).toEqual([])
    expect(refusalsOf({ ...thousand, loaded: 800 }, thousand)).toEqual([])
  })

  it('refuse a file of which too much is rejected', () => {
    expect(refusalsOf(rejecting(101))).toHaveLength(1)
    expect(refusalsOf(rejecting(150))).toEqual([
      'skus.csv: 15 % of its rows are rejected, at most 10 % may',
    ])
    expect(refusalsOf(rejecting(150), undefined, { rejectedShareMax: 0.15 })).toEqual([])
  })

  it('refuse a file of which too much lacks its parent, though it were few enough otherwise', () => {
    const limits = { rejectedShareMax: 1, rowsMin: 10 }

    expect(refusalsOf(rejecting(60, 'orphan'), undefined, limits)).toEqual([
      'skus.csv: 6.0 % of its rows lack their parent, at most 5.0 % may',
    ])
    expect(refusalsOf(rejecting(60, 'price'), undefined, limits)).toEqual([])
    expect(
      refusalsOf(rejecting(60, 'orphan'), undefined, { ...limits, orphanShareMax: 0.06 }),
    ).toEqual([])
  })

  it('refuse a file that lost too much since the live release, and none when nothing is live', () => {
    const shrunk = { ...thousand, lines: 700, loaded: 700 }

    expect(refusalsOf(shrunk, thousand)).toEqual([
      'skus.csv: 30 % of its rows are gone since the live release, at most 20 % may',
    ])
    expect(refusalsOf(shrunk, thousand, { shrinkShareMax: 0.3 })).toEqual([])
    expect(refusalsOf(shrunk)).toEqual([])
  })

  it('refuse a catalogue without products', () => {
    expect(gateRefusals({}, undefined, defaultGateLimits)).toEqual(['product.csv gave no product'])
  })

  it('take a handful of rows for no share', () => {
    const few = { lines: 120, loaded: 21, rejected: 99, rejectedBy: { orphan: 99 } }

    expect(refusalsOf(few)).toEqual([])
  })
})
