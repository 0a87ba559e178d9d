import type {
  ConstantArrivalRateScenario,
  Options,
  RampingArrivalRateScenario,
  Threshold,
} from 'k6/options'

import { requestsPerArrival, viewsPerVisit } from '../traffic.ts'
import type { Route } from '../traffic.ts'
import { settings } from './settings.ts'

/** What every scenario has in common. */
export const common: Options = {
  discardResponseBodies: true,
  // Without `url`: a million paths would be a million time series.
  systemTags: ['name', 'status', 'scenario', 'expected_response', 'error_code'],
  summaryTrendStats: ['avg', 'med', 'p(95)', 'p(99)', 'p(99.9)', 'max'],
}

export interface Promises {
  /** Hold on any machine: right answers, and answers at all. */
  readonly correctness: Record<string, Threshold[]>
  /** Hold where the service has the machine for itself. */
  readonly speed: Record<string, Threshold[]>
}

/** The promises that this run is held to, as thresholds. */
export function promised({ correctness, speed }: Promises): Record<string, Threshold[]> {
  return { ...everyRoute, ...correctness, ...(settings.speedPromised ? speed : {}) }
}

const routes: readonly Route[] = ['list', 'product', 'styles', 'related']

/** Promises nothing: k6 keeps the latency of a tag apart for the report only where thresholds name it. */
export const everyRoute: Readonly<Record<string, Threshold[]>> = Object.fromEntries(
  routes.map((route) => [`http_req_duration{name:${route}}`, []]),
)

export interface Stage {
  readonly durationS: number
  /** Requests a second at the end of the stage; the rate goes there in a straight line. */
  readonly rps: number
}

/** Arrivals of the shop's whole traffic at a constant rate of requests. */
export function steady(
  { durationS, rps }: Stage,
  more: Partial<ConstantArrivalRateScenario> = {},
): ConstantArrivalRateScenario {
  return {
    executor: 'constant-arrival-rate',
    rate: arrivalsPerMinute(rps),
    timeUnit: '1m',
    duration: seconds(durationS),
    ...usersFor(rps / requestsPerArrival()),
    ...more,
  }
}

/** Arrivals of the shop's whole traffic at a rate of requests that changes by stages. */
export function changing(
  fromRps: number,
  stages: readonly Stage[],
  more: Partial<RampingArrivalRateScenario> = {},
): RampingArrivalRateScenario {
  const peakRps = Math.max(fromRps, ...stages.map(({ rps }) => rps))
  return {
    executor: 'ramping-arrival-rate',
    startRate: arrivalsPerMinute(fromRps),
    timeUnit: '1m',
    stages: stages.map(({ durationS, rps }) => ({
      duration: seconds(durationS),
      target: arrivalsPerMinute(rps),
    })),
    ...usersFor(peakRps / requestsPerArrival()),
    ...more,
  }
}

const usersMin = 10
const usersMax = 600
const slowArrivalS = 1

/**
 * Virtual users for a rate of arrivals, all of them started beforehand: enough while an arrival takes a
 * second, so that a slow service is met with the same rate. Beyond that iterations are dropped.
 */
export function usersFor(arrivalsPerS: number): { preAllocatedVUs: number; maxVUs: number } {
  const arrivalS = slowArrivalS + settings.thinkS * viewsPerVisit()
  const users = Math.ceil(Math.min(usersMax, Math.max(usersMin, arrivalsPerS * arrivalS)))
  return { preAllocatedVUs: users, maxVUs: users }
}

export function seconds(durationS: number): string {
  return `${Math.round(durationS * 1000)}ms`
}

// By the minute, because k6 takes whole numbers only: 20 requests a second are 3.7 arrivals.
function arrivalsPerMinute(rps: number): number {
  return Math.round((rps / requestsPerArrival()) * 60)
}
