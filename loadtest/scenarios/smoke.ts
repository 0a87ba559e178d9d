import type { Options } from 'k6/options'

import { common, promised, steady } from './arrivals.ts'
import { arrive } from './browse.ts'
import { durationS, rateRps } from './settings.ts'

export { setup } from './browse.ts'

/** Does it work at all? A little of everything; every answer is checked (by the runner's default). */
export const options: Options = {
  ...common,
  scenarios: { shop: steady({ durationS: durationS(10), rps: rateRps(30) }) },
  thresholds: promised({
    correctness: { checks: ['rate==1'], http_req_failed: ['rate==0'] },
    speed: { http_req_duration: ['p(99)<250'], dropped_iterations: ['count==0'] },
  }),
}

export default () => arrive()
