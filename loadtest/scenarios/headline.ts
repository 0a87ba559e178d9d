import type { Options, Scenario, Threshold } from 'k6/options'

import { below, randomStream } from '../random.ts'
import { ask } from '../traffic.ts'
import { common, promised, seconds, usersFor } from './arrivals.ts'
import { catalogue, shopper, show } from './browse.ts'
import { durationS, settings } from './settings.ts'

export { setup } from './browse.ts'

/**
 * What is claimed for the two known designs, each leg by itself, one request an arrival. Design 1 names
 * list and product at 2,000 requests a second and styles at 1,200, design 2 a hot set at 4,000.
 */
const legs = [
  { name: 'list', rps: 2000 },
  { name: 'product', rps: 2000 },
  { name: 'styles', rps: 1200 },
  { name: 'hot', rps: 4000 },
]
type Leg = (typeof legs)[number]

const pauseS = 2
const legS = durationS(120) / legs.length - pauseS
const hotProducts = 500

export const options: Options = {
  ...common,
  scenarios: Object.fromEntries(legs.map((leg, i) => [leg.name, run(leg, i)])),
  thresholds: promised({
    correctness: { checks: ['rate==1'] },
    speed: Object.assign({}, ...legs.map(promisesOf)),
  }),
}

const random = randomStream(settings.seed, -__VU)

export function list(): void {
  show([shopper.list()])
}

export function product(): void {
  show([ask('product', shopper.productId())])
}

export function styles(): void {
  show([ask('styles', shopper.productId())])
}

export function hot(): void {
  const id = catalogue.idAt(below(random, hotProducts) % catalogue.size)
  show([ask(random() < 0.5 ? 'product' : 'styles', id)])
}

function run({ name, rps }: Leg, i: number): Scenario {
  return {
    executor: 'constant-arrival-rate',
    exec: name,
    rate: rps,
    timeUnit: '1s',
    startTime: seconds(i * (legS + pauseS)),
    duration: seconds(legS),
    gracefulStop: seconds(pauseS),
    ...usersFor(rps),
  }
}

// The claims say "under 700 ms" without a percentile: here it is one answer in a thousand.
function promisesOf({ name }: Leg): Record<string, Threshold[]> {
  return {
    [`http_req_duration{scenario:${name}}`]: ['p(99.9)<700'],
    [`http_req_failed{scenario:${name}}`]: ['rate<0.001'],
    [`dropped_iterations{scenario:${name}}`]: ['count==0'],
  }
}
