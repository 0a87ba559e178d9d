import exec from 'k6/execution'
import type { Options, Scenario } from 'k6/options'

import { ask } from '../traffic.ts'
import type { Ask } from '../traffic.ts'
import { common, everyRoute, seconds, steady, usersFor } from './arrivals.ts'
import { arrive, catalogue, show } from './browse.ts'
import { durationS, rateRps, settings } from './settings.ts'

export { setup } from './browse.ts'

/**
 * What each part pays for each kind of answer, one leg a kind: from NGINX's cache, from a process's cache
 * (asked without NGINX), and from the database, each product once. The first leg is the shop's whole traffic,
 * with lists and 304s: how large an answer is, and what compiles a process's code, which costs several times as much
 * before that. Sizing reckons with the result.
 */
const legs = ['mix', 'edge', 'warm', 'cold']

const pauseS = 2
const legS = durationS(120) / legs.length - pauseS
const rps = rateRps(600)
// So few that NGINX, which keeps an answer for a second, asks again for one request in twenty at most.
const hotProducts = 10
const routes = ['product', 'styles', 'related'] as const

export const options: Options = {
  ...common,
  scenarios: Object.fromEntries(legs.map((name, i) => [name, run(name, i)])),
  thresholds: {
    ...everyRoute,
    checks: ['rate==1'],
    http_req_failed: ['rate==0'],
    dropped_iterations: ['count==0'],
  },
}

export function edge(): void {
  show([hotAsk()])
}

export function warm(): void {
  const { instanceUrls } = settings
  show([hotAsk()], instanceUrls[arrival() % instanceUrls.length])
}

export function cold(): void {
  show([ask(routeAt(arrival()), catalogue.idAfter(Math.floor(arrival() / routes.length)))])
}

export function mix(): void {
  arrive()
}

function hotAsk(): Ask {
  return ask(
    routeAt(arrival()),
    catalogue.idAt(Math.floor(arrival() / routes.length) % hotProducts),
  )
}

function routeAt(n: number): (typeof routes)[number] {
  return routes[n % routes.length] ?? 'product'
}

function arrival(): number {
  return exec.scenario.iterationInTest
}

function run(name: string, i: number): Scenario {
  const leg = {
    exec: name,
    startTime: seconds(i * (legS + pauseS)),
    gracefulStop: seconds(pauseS),
  }
  if (name === 'mix') return steady({ durationS: legS, rps }, leg)
  return {
    executor: 'constant-arrival-rate',
    rate: rps,
    timeUnit: '1s',
    duration: seconds(legS),
    ...usersFor(rps),
    ...leg,
  }
}
