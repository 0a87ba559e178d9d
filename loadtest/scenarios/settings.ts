import { SharedArray } from 'k6/data'

import { shop } from '../traffic.ts'

const target = (__ENV['LOAD_TARGET'] ?? 'http://127.0.0.1:3000').replace(/\/+$/, '')

/**
 * What a run is told through its environment: `npm run load` sets all of it, and
 * `k6 run -e LOAD_TARGET=… loadtest/scenarios/smoke.ts` works without the runner.
 */
export const settings = {
  target,
  /** The processes behind the target, each by itself: the public address does not serve /metrics. */
  instanceUrls: (__ENV['LOAD_INSTANCE_URLS'] || target).split(','),
  seed: number('LOAD_SEED', 1),
  exponent: number('LOAD_EXPONENT', shop.zipfExponent),
  /** Seconds a visitor looks at a page, on average. Each visitor needs 1.5 MB of the generator. */
  thinkS: number('LOAD_THINK_S', 0),
  /** The share of answers that are checked: a twentieth costs 5 % of the generator, all double it. */
  checkedShare: number('LOAD_CHECKED_SHARE', 0.05),
  /** False leaves only the promises of correctness: on a shared CI machine speed proves nothing. */
  speedPromised: __ENV['LOAD_SPEED_PROMISED'] !== 'false',
}

/** Requests a second, unless the run was told otherwise. */
export function rateRps(fallback: number): number {
  return number('LOAD_RATE', fallback)
}

/** Seconds of the whole run, unless it was told otherwise. */
export function durationS(fallback: number): number {
  return number('LOAD_DURATION_S', fallback)
}

/**
 * The ids of the products that exist, ascending, held once for all virtual users. The runner reads
 * them from the target's list; without a file the ids are 1 to LOAD_PRODUCTS without gaps.
 */
export const productIds: ArrayLike<number> = new SharedArray('product ids', () => {
  const file = __ENV['LOAD_IDS_FILE']
  if (file !== undefined) return JSON.parse(open(file)) as number[]
  return Array.from({ length: number('LOAD_PRODUCTS', 10_000) }, (_, i) => i + 1)
})

function number(name: string, fallback: number): number {
  const text = __ENV[name]
  if (text === undefined || text === '') return fallback
  const value = Number(text)
  if (Number.isFinite(value) && value >= 0) return value
  throw new Error(`${name}: expected a number of 0 or more, came "${text}"`)
}
