import { requestsPerVisit, viewsPerVisit } from '../traffic.ts'

/** Who asks how often for what, in front of a cache that keeps an answer fresh for a while. */
export interface Popularity {
  /** Requests a second for one route of all products together. */
  readonly viewsPerS: number
  readonly products: number
  readonly exponent: number
  readonly freshS: number
}

/**
 * The share of requests that find a fresh answer in a cache with room for all. A product asked for r times a
 * second is fetched once and then answered for `freshS` seconds: r · freshS of 1 + r · freshS requests hit.
 * So the head of the Zipf curve hits nearly always, the tail never, and traffic moves the border between them.
 */
export function hitShareOf({ viewsPerS, products, exponent, freshS }: Popularity): number {
  let mass = 0
  for (let rank = 1; rank <= products; rank++) mass += rank ** -exponent
  let hits = 0
  for (let rank = 1; rank <= products; rank++) {
    const share = rank ** -exponent / mass
    const answered = viewsPerS * share * freshS
    hits += (share * answered) / (1 + answered)
  }
  return hits
}

/** The shares that a demand has when nobody says: of NGINX, and of the processes in what NGINX forwards. */
export interface ExpectedHits {
  readonly hit: number
  readonly warm: number
}

// What the service and NGINX keep by default: s-maxage of 1 s, REPLY_FRESH_MS of 60 s, two processes.
const nginxFreshS = 1
const processFreshS = 60
const processes = 2

/**
 * Reckons the hits of the shop's traffic at a rate of requests: lists count as products do. A share of
 * NGINX that is known takes the place of the reckoned one: what it answers more, the processes do less.
 */
export function expectHits(
  rps: number,
  products: number,
  exponent: number,
  knownHit?: number,
): ExpectedHits {
  const viewsPerS = rps * ((viewsPerVisit() - 1) / requestsPerVisit())
  const shareWithin = (freshS: number) => hitShareOf({ viewsPerS, products, exponent, freshS })
  const hit = knownHit ?? shareWithin(nginxFreshS)
  // Each process loads a product for itself: together they keep it half as long.
  const either = shareWithin(processFreshS / processes)
  return { hit, warm: hit < 1 ? Math.max(0, (either - hit) / (1 - hit)) : 0 }
}
