import type { Options } from 'k6/options'

import { changing, common, promised } from './arrivals.ts'
import { arrive } from './browse.ts'
import { durationS, rateRps } from './settings.ts'

export { setup } from './browse.ts'

const totalS = durationS(240)
const usualRps = rateRps(400)

/** The sale: up to four times an ordinary day and held there, slower than usual but whole. */
export const options: Options = {
  ...common,
  scenarios: {
    shop: changing(usualRps, [
      { durationS: totalS * 0.15, rps: usualRps },
      { durationS: totalS * 0.25, rps: usualRps * 4 },
      { durationS: totalS * 0.45, rps: usualRps * 4 },
      { durationS: totalS * 0.15, rps: usualRps },
    ]),
  },
  thresholds: promised({
    correctness: { checks: ['rate==1'], http_req_failed: ['rate<0.001'] },
    speed: { http_req_duration: ['p(95)<100', 'p(99)<250'], dropped_iterations: ['count==0'] },
  }),
}

export default () => arrive()
