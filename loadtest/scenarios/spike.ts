import exec from 'k6/execution'
import type { Options } from 'k6/options'

import { recovery } from '../recovery.ts'
import { flashOf, shop } from '../traffic.ts'
import { changing, common, promised, steady } from './arrivals.ts'
import { arrive, catalogue } from './browse.ts'
import { durationS, rateRps } from './settings.ts'

export { setup } from './browse.ts'

const totalS = durationS(90)
const baseRps = rateRps(200)
const timesBase = 10

const startS = totalS * 0.2
const riseS = totalS * 0.05
const holdS = totalS * 0.2
const overS = startS + riseS + holdS + riseS

/**
 * Somebody famous shows a product: ten times the base within seconds, a third of it on that page. Besides
 * these promises the runner holds it to its recovery, which it times from the record.
 */
export const options: Options = {
  ...common,
  scenarios: {
    base: steady({ durationS: totalS, rps: baseRps }, { exec: 'base' }),
    surge: changing(
      0,
      [
        { durationS: riseS, rps: baseRps * (timesBase - 1) },
        { durationS: holdS, rps: baseRps * (timesBase - 1) },
        { durationS: riseS, rps: 0 },
      ],
      { exec: 'surge', startTime: `${startS}s`, tags: { phase: 'spike' } },
    ),
  },
  thresholds: promised({
    correctness: { checks: ['rate==1'], http_req_failed: ['rate<0.01'] },
    speed: {
      'http_req_duration{phase:before}': ['p(99)<50'],
      'http_req_duration{phase:spike}': ['p(95)<250', 'p(99)<700'],
      'http_req_duration{phase:recovered}': [`p(99)<${recovery.p99MsMax}`],
      'http_req_failed{phase:recovered}': ['rate==0'],
      dropped_iterations: ['count==0'],
    },
  }),
}

// The base stays what it is while the surge comes on top: the share in all pages is the model's.
const flash = flashOf(catalogue, (shop.flashShare * timesBase) / (timesBase - 1))

export function surge(): void {
  arrive(flash)
}

export function base(): void {
  exec.vu.metrics.tags['phase'] = phaseAt((Date.now() - exec.scenario.startTime) / 1000)
  arrive()
}

function phaseAt(atS: number): string {
  if (atS < startS) return 'before'
  if (atS < overS) return 'spike'
  return atS < overS + recovery.withinS ? 'recovering' : 'recovered'
}
