import exec from 'k6/execution'
import http from 'k6/http'
import { Counter, Gauge } from 'k6/metrics'
import type { Options } from 'k6/options'

import { memoryWatchOf } from '../memory-watch.ts'
import { metricOf } from '../process-metrics.ts'
import { slopePerMinute } from '../slope.ts'
import type { Point } from '../slope.ts'
import { common, promised, seconds, steady } from './arrivals.ts'
import { arrive } from './browse.ts'
import { durationS, rateRps, settings } from './settings.ts'

export { setup } from './browse.ts'

// k6 has the console of browsers, its types do not.
declare const console: { error(message: string): void }

const totalS = durationS(2 * 3600)
const { warmUpS, readEveryS, slopeMax } = memoryWatchOf(totalS)

/** Hours of an ordinary day. Memory must not go on growing: a slope that one afternoon would not show. */
export const options: Options = {
  ...common,
  scenarios: {
    shop: steady({ durationS: totalS, rps: rateRps(200) }),
    memory: {
      executor: 'constant-arrival-rate',
      exec: 'readMemory',
      rate: 1,
      timeUnit: seconds(readEveryS),
      duration: seconds(totalS),
      preAllocatedVUs: 1,
      maxVUs: 1,
    },
  },
  thresholds: promised({
    correctness: {
      checks: ['rate==1'],
      http_req_failed: ['rate<0.0001'],
      memory_unread: ['count==0'],
      ...(slopeMax === undefined ? {} : { memory_slope: [`value<${slopeMax.toFixed(2)}`] }),
    },
    speed: { http_req_duration: ['p(95)<25', 'p(99)<50'], dropped_iterations: ['count==0'] },
  }),
}

export default () => arrive()

// Megabytes a minute of the process that grows fastest; the threshold looks at the last value.
const slope = new Gauge('memory_slope')
const unread = new Counter('memory_unread')
const resident = 'process_resident_memory_bytes'
const cached = 'product_overview_reply_cache_bytes'
const pointsMin = 5

// One virtual user reads all processes, so that it alone holds their histories.
const histories = new Map<string, Point[]>()

export function readMemory(): void {
  const atS = (Date.now() - exec.scenario.startTime) / 1000
  for (const url of settings.instanceUrls) readProcess(`${url}/metrics`, atS)
  const grown = [...histories.values()].filter((points) => points.length >= pointsMin)
  if (grown.length > 0) slope.add(Math.max(...grown.map((points) => slopePerMinute(points))))
}

// The reply cache is bounded and may fill for hours: what it holds is not growth.
function readProcess(url: string, atS: number): void {
  const reply = http.get(url, { tags: { name: 'metrics' }, responseType: 'text' })
  const text = reply.status === 200 ? (reply.body ?? '') : ''
  const bytes = metricOf(text, resident)
  if (bytes === undefined) {
    unread.add(1)
    console.error(`${url}: expected 200 and ${resident}, came ${reply.status}`)
    return
  }
  if (atS < warmUpS) return
  const point = { atS, value: (bytes - (metricOf(text, cached) ?? 0)) / 1e6 }
  histories.set(url, [...(histories.get(url) ?? []), point])
}
