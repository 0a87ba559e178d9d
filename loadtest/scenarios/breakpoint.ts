import type { Options, Scenario, Threshold } from 'k6/options'

import { common, everyRoute, seconds, steady } from './arrivals.ts'
import { arrive } from './browse.ts'
import { durationS, rateRps } from './settings.ts'

export { setup } from './browse.ts'

const stepsMax = 20
const stepFactor = 1.2
/** The last second of a step belongs to the arrivals that are still under way. */
const pauseS = 1
const stepS = durationS(200) / stepsMax - pauseS
const firstRps = rateRps(400)

/**
 * Climbs a stair, each step a fifth higher, until a promise breaks: the step before is the capacity.
 * The steps are named `at_` and their requests a second; the runner reads the capacity from that.
 */
const steps = Array.from({ length: stepsMax }, (_, i) => ({
  name: `at_${Math.round(firstRps * stepFactor ** i)}`,
  rps: firstRps * stepFactor ** i,
  startS: i * (stepS + pauseS),
}))
type Step = (typeof steps)[number]

export const options: Options = {
  ...common,
  scenarios: Object.fromEntries(steps.map((step) => [step.name, climb(step)])),
  thresholds: Object.assign({ ...everyRoute, checks: ['rate==1'] }, ...steps.map(promisesOf)),
}

export default () => arrive()

function climb({ rps, startS }: Step): Scenario {
  return steady(
    { durationS: stepS, rps },
    { startTime: seconds(startS), gracefulStop: seconds(pauseS) },
  )
}

function promisesOf({ name, startS }: Step): Record<string, Threshold[]> {
  // Judged at the end of the step only: the first slow answer of a few is no percentile.
  const delayAbortEval = seconds(startS + stepS * 0.9)
  const broken = (threshold: string) => [{ threshold, abortOnFail: true, delayAbortEval }]
  return {
    [`http_req_duration{scenario:${name}}`]: broken('p(99)<250'),
    [`http_req_failed{scenario:${name}}`]: broken('rate<0.001'),
    [`dropped_iterations{scenario:${name}}`]: broken('count==0'),
  }
}
