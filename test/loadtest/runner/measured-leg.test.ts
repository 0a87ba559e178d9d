import { describe, expect, it } from 'vitest'

import { measureLeg } from '../../../loadtest/runner/measured-leg.ts'
import { seriesWith } from './series-with.ts'

const series = seriesWith({
  rps: [100, 200, 200, 50],
  receivedBytesPerS: [1e5, 3e5, 1e5, 5e4],
  byCache: { 'nginx hit': [0, 150, 150, 50], miss: [100, 50, 50, 0] },
})
const nginx = {
  name: 'nginx',
  atMs: [1000, 2000, 3000, 4000],
  cpuS: [0.5, 0.01, 0.03, 0.5],
  memoryBytes: [1, 1, 1, 1],
}

describe('a leg', () => {
  it('is measured in its own time only', () => {
    const leg = measureLeg({ name: 'hot', startS: 1, endS: 3 }, series, [nginx], 0)

    expect(leg.requests).toBe(400)
    expect(leg.bytesPerReply).toBe(1000)
    expect(leg.costs).toEqual([{ part: 'nginx', cores: 0.02, usPerRequest: 100 }])
    expect(leg.cacheShares).toEqual({ 'nginx hit': 0.75, miss: 0.25 })
  })

  it('ends with the run when that was stopped early', () => {
    const leg = measureLeg({ name: 'hot', startS: 3, endS: 60 }, series, [nginx], 0)

    expect(leg.requests).toBe(50)
    expect(leg.costs[0]?.cores).toBe(0.5)
  })

  it('costs nothing when nothing was answered', () => {
    const leg = measureLeg({ name: 'none', startS: 10, endS: 20 }, series, [nginx], 0)

    expect(leg.costs).toEqual([{ part: 'nginx', cores: 0, usPerRequest: 0 }])
  })
})
