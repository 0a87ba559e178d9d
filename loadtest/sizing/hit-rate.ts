import { requestsPerVisit, viewsPerVisit } from '../traffic.ts'

/** Who asks how often for what, in front of a cache that keeps an answer fresh for a while. */
export interface Popularity {
  /** Requests a second for one route of all products together. */
  readonly viewsPerS: number
  readonly products: number
  readonly exponent: number
  readonly freshS: number
  /** How many products it has room for; all of them unless told. */
  readonly room?: number
}

/**
 * The share of requests that find a fresh answer in a cache. A product asked for r times a second is fetched once
 * and then answered for t seconds: r · t of 1 + r · t requests hit. So the head of the Zipf curve hits nearly
 * always, the tail never, and traffic moves the border between them. t is how long an answer is fresh, or
 * shorter: where that many do not fit, the one that was not asked for the longest goes.
 */
export function hitShareOf({ freshS, room = Infinity, ...popularity }: Popularity): number {
  const shares = sharesOf(popularity)
  return keptWithin(shares, keptS(shares, freshS, room), (share) => share)
}

/** The requests a second for each product, and which share of all they are. */
interface Shares {
  readonly viewsPerS: number
  readonly shares: Float64Array
}

function sharesOf({ viewsPerS, products, exponent }: Omit<Popularity, 'freshS'>): Shares {
  const shares = Float64Array.from({ length: products }, (_, index) => (index + 1) ** -exponent)
  const mass = shares.reduce((sum, share) => sum + share, 0)
  return { viewsPerS, shares: shares.map((share) => share / mass) }
}

/** Sums up over all products what one counts, times how likely it is that the cache has it. */
function keptWithin(
  { viewsPerS, shares }: Shares,
  forS: number,
  count: (share: number) => number,
): number {
  let kept = 0
  for (const share of shares) {
    const answered = viewsPerS * share * forS
    kept += (count(share) * answered) / (1 + answered)
  }
  return kept
}

/** How long an answer stays, in seconds. */
function keptS(shares: Shares, freshS: number, room: number): number {
  const isRoomFor = (forS: number) => keptWithin(shares, forS, () => 1) <= room
  if (isRoomFor(freshS)) return freshS
  let [fits, tooLong] = [0, freshS]
  while (tooLong - fits > precision * freshS) {
    const middle = (fits + tooLong) / 2
    if (isRoomFor(middle)) fits = middle
    else tooLong = middle
  }
  return fits
}

const precision = 1e-4

/** The shares that a demand has when nobody says: of NGINX, and of the processes in what NGINX forwards. */
export interface ExpectedHits {
  readonly hit: number
  readonly warm: number
}

// What the service and NGINX keep by default: s-maxage of 1 s, REPLY_FRESH_MS of 600 s, two processes.
const nginxFreshS = 1
const processFreshS = 600
const processes = 2
/** The three answers of a product in a process's cache: in the bench 42,300 styles fill 128 MiB, the other two are shorter. */
const productBytes = 6_500

/** What the shop's traffic asks for, and of whom. */
export interface ExpectedTraffic {
  readonly rps: number
  readonly products: number
  readonly exponent: number
  /** REPLY_CACHE_BYTES_MAX of a process, in MiB. */
  readonly cacheMib: number
  /** The share that NGINX answers, when it is known. */
  readonly hit?: number | undefined
}

/**
 * Reckons the hits of the shop's traffic at a rate of requests: lists count as products do. A share of
 * NGINX that is known takes the place of the reckoned one: what it answers more, the processes do less.
 */
export function expectHits({ rps, cacheMib, hit: knownHit, ...catalogue }: ExpectedTraffic) {
  const viewsPerS = rps * ((viewsPerVisit() - 1) / requestsPerVisit())
  const hit = knownHit ?? hitShareOf({ ...catalogue, viewsPerS, freshS: nginxFreshS })
  // Each process loads a product for itself.
  const either = hitShareOf({
    ...catalogue,
    viewsPerS: viewsPerS / processes,
    freshS: processFreshS,
    room: (cacheMib * 1024 ** 2) / productBytes,
  })
  const warm = hit < 1 ? Math.max(0, (either - hit) / (1 - hit)) : 0
  return { hit, warm } satisfies ExpectedHits
}
