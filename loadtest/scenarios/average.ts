import type { Options } from 'k6/options'

import { common, promised, steady } from './arrivals.ts'
import { arrive } from './browse.ts'
import { durationS, rateRps } from './settings.ts'

export { setup } from './browse.ts'

/** An ordinary day: the rate of every hour, at which nothing may fail and nothing may be slow. */
export const options: Options = {
  ...common,
  scenarios: { shop: steady({ durationS: durationS(180), rps: rateRps(400) }) },
  thresholds: promised({
    correctness: { checks: ['rate==1'], http_req_failed: ['rate<0.0001'] },
    speed: {
      'http_req_duration{name:list}': ['p(95)<25', 'p(99)<100'],
      'http_req_duration{name:product}': ['p(95)<25', 'p(99)<50'],
      'http_req_duration{name:styles}': ['p(95)<25', 'p(99)<50'],
      'http_req_duration{name:related}': ['p(95)<25', 'p(99)<50'],
      dropped_iterations: ['count==0'],
    },
  }),
}

export default () => arrive()
