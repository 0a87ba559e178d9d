import type { Leg } from './legs.ts'
import type { PartSeries } from './part-sampler.ts'
import type { Series, Value } from './series.ts'

/** A leg with what it cost and which cache answered in it. */
export interface MeasuredLeg extends Leg {
  readonly requests: number
  /** On the wire, headers included. */
  readonly bytesPerReply: number
  readonly costs: readonly PartCost[]
  /** The share of the replies that each cache state had. */
  readonly cacheShares: Readonly<Record<string, number>>
}

/** CPU of one part during a leg: cores busy, and µs for each request that was answered. */
interface PartCost {
  readonly part: string
  readonly cores: number
  readonly usPerRequest: number
}

/** Measures the time of a leg, or as much of it as there was before the run ended. */
export function measureLeg(
  leg: Leg,
  series: Series,
  parts: readonly PartSeries[],
  startedMs: number,
): MeasuredLeg {
  const fromMs = startedMs + leg.startS * 1000
  const toMs = Math.min(startedMs + leg.endS * 1000, series.atMs.at(-1) ?? fromMs)
  const total = (atMs: readonly number[], values: readonly Value[]) =>
    atMs.reduce((sum, ms, i) => sum + (ms > fromMs && ms <= toMs ? (values[i] ?? 0) : 0), 0)

  const requests = total(series.atMs, series.rps) * series.periodS
  const costs = parts.map(({ name, atMs, cpuS }) => {
    const usedS = total(atMs, cpuS)
    return {
      part: name,
      cores: perUnit(usedS, (toMs - fromMs) / 1000),
      usPerRequest: perUnit(usedS * 1e6, requests),
    }
  })
  const cacheShares = Object.fromEntries(
    Object.entries(series.byCache).map(([state, rps]) => [
      state,
      perUnit(total(series.atMs, rps) * series.periodS, requests),
    ]),
  )
  const received = total(series.atMs, series.receivedBytesPerS) * series.periodS
  return { ...leg, requests, bytesPerReply: perUnit(received, requests), costs, cacheShares }
}

function perUnit(amount: number, units: number): number {
  return units > 0 ? amount / units : 0
}
