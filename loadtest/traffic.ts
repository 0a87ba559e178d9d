import type { Catalogue } from './catalogue.ts'
import { below } from './random.ts'
import type { Random } from './random.ts'
import { zipf } from './zipf.ts'

/**
 * Who asks this shop for what. Every share of the model stands here, and the tests check that the
 * traffic that comes out has them.
 */
export const shop = {
  /** Popularity falls with rank^-exponent (0.6 to 1.1 in most shops). The tail is never cut off. */
  zipfExponent: 0.9,
  /** A visitor goes on from a product page to a related one this often, at most `hopsMax` times. */
  hopShare: 0.4,
  hopsMax: 4,
  /** Views of something seen before, asked for with its ETags: 20 % of all requests then. */
  returnShare: 0.21,
  /** Product pages behind dead links: 1 to 2 % of all requests then ask for an id of no product. */
  deadLinkShare: 0.02,
  /** Requests of the crawler, which walks the catalogue in order of id, popular or not. */
  crawlerShare: 0.05,
  /** During a spike, the product pages that are of the one product everybody talks about. */
  flashShare: 0.3,
  /** Lists and product pages that one visitor's browser remembers, of each. */
  viewsRememberedMax: 64,
  /** Rows of a list: the default five, what shop windows show, and the 1,011 of one known client. */
  listCounts: [
    { count: undefined, share: 0.4 },
    { count: 20, share: 0.35 },
    { count: 50, share: 0.15 },
    { count: 100, share: 0.09 },
    { count: 1011, share: 0.01 },
  ],
  /** Page n + 1 of a list is asked for this much as often as page n; a few jump to any page. */
  nextPageShare: 0.5,
  anyPageShare: 0.03,
} as const

const listCountDefault = 5
const deadIdsMax = 1_000_000

export type Route = 'list' | 'product' | 'styles' | 'related'

/** One GET, and what a right answer to it is about. */
export interface Ask {
  readonly route: Route
  readonly path: string
  /** The product asked for; none for a list. */
  readonly id?: number
  /** The most rows a list may answer; none for a product. */
  readonly count?: number
  /** False for an id of no product: 404 is then the only right answer. */
  readonly known: boolean
  /** The remembered tag to send as If-None-Match: 304 is then as right as 200. */
  readonly etag?: string
}

/** What a browser asks for at once to show one page. */
export type View = readonly Ask[]

/** What came back for a view: the tag of each answer, in order, and the ids that were related. */
export interface Shown {
  readonly etags: readonly (string | undefined)[]
  readonly related: readonly number[]
}

/** Sends the requests of a view at once and waits for all answers. */
export type Show = (view: View) => Shown

/** A product that suddenly takes a share of all product pages. */
export interface Flash {
  readonly id: number
  readonly share: number
}

/** The product of a flash sale is one of middling rank, so that no cache holds it beforehand. */
export function flashOf(catalogue: Catalogue, share: number): Flash {
  return { id: catalogue.idAt(Math.floor(catalogue.size / 2)), share }
}

/** The views of one visit, on average: a list, then one product page or more. */
export function viewsPerVisit(): number {
  return 1 + (1 - shop.hopShare ** (shop.hopsMax + 1)) / (1 - shop.hopShare)
}

/** The requests of one visit, on average: one for the list, three for each product page. */
export function requestsPerVisit(): number {
  return 1 + 3 * (viewsPerVisit() - 1)
}

/** The requests of one arrival, on average: most are visitors, some are the crawler's next step. */
export function requestsPerArrival(): number {
  const crawls = crawlsPerArrival()
  return crawls * requestsPerCrawl + (1 - crawls) * requestsPerVisit()
}

/** The crawler's step that the n-th arrival is, counted from 0; undefined for a visitor. */
export function crawlStepOf(arrival: number): number | undefined {
  const crawls = crawlsPerArrival()
  const step = Math.floor(arrival * crawls)
  return Math.floor((arrival + 1) * crawls) > step ? step : undefined
}

/** What the crawler asks for in its n-th step: it walks on without tags or taste. */
export function crawl(catalogue: Catalogue, step: number): View {
  const id = catalogue.idAfter(step)
  return [ask('product', id), ask('styles', id)]
}

const requestsPerCrawl = 2

// The crawler's share counts requests, and its steps are smaller than visits.
function crawlsPerArrival(): number {
  const perVisit = shop.crawlerShare * requestsPerVisit()
  return perVisit / (perVisit + (1 - shop.crawlerShare) * requestsPerCrawl)
}

/** The request for one route of a product; `known` false says that it does not exist. */
export function ask(route: Exclude<Route, 'list'>, id: number, known = true): Ask {
  const path = route === 'product' ? `/products/${id}` : `/products/${id}/${route}`
  return { route, path, id, known }
}

/** What a front end asks for to show one product: all three answers at once. */
function productPage(id: number, known = true): View {
  return [ask('product', id, known), ask('styles', id, known), ask('related', id, known)]
}

export interface ShopperOptions {
  readonly catalogue: Catalogue
  readonly random: Random
  readonly exponent?: number
}

/** One visitor's browser: what it asks for next, and what it remembers having seen. */
export class Shopper {
  readonly #catalogue: Catalogue
  readonly #random: Random
  readonly #drawRank: () => number
  readonly #lists: Memory = []
  readonly #pages: Memory = []

  constructor({ catalogue, random, exponent = shop.zipfExponent }: ShopperOptions) {
    this.#catalogue = catalogue
    this.#random = random
    this.#drawRank = zipf(catalogue.size, exponent, random)
  }

  /**
   * One visit: a list, a product page, then related products. `show` sends the requests of a view
   * and returns what came back.
   */
  visit(show: Show, flash?: Flash): void {
    this.#see(this.#lists, show, () => [this.list()])
    let related: readonly number[] = []
    for (let hop = 0; hop <= shop.hopsMax; hop++) {
      if (hop > 0 && this.#random() >= shop.hopShare) return
      const from = related
      related = this.#see(this.#pages, show, () => this.#page(from, flash))
    }
  }

  /** A list with its page and count, mostly near the front. */
  list(): Ask {
    const count = this.#drawCount()
    const rows = count ?? listCountDefault
    const page = this.#drawPage(Math.ceil(this.#catalogue.size / rows))
    const query = []
    if (page > 1) query.push(`page=${page}`)
    if (count !== undefined) query.push(`count=${count}`)
    const path = query.length === 0 ? '/products' : `/products?${query.join('&')}`
    return { route: 'list', path, count: rows, known: true }
  }

  /** An existing product, by popularity. */
  productId(): number {
    return this.#catalogue.idAt(this.#drawRank() - 1)
  }

  #see(memory: Memory, show: Show, fresh: () => View): readonly number[] {
    const again = memory[below(this.#random, memory.length)]
    if (again !== undefined && this.#random() < shop.returnShare) {
      show(again.view)
      return again.related
    }
    const view = fresh()
    const shown = show(view)
    remember(memory, view, shown)
    return shown.related
  }

  #page(related: readonly number[], flash: Flash | undefined): View {
    if (this.#random() < shop.deadLinkShare) {
      return productPage(this.#catalogue.idMax + 1 + below(this.#random, deadIdsMax), false)
    }
    if (flash !== undefined && this.#random() < flash.share) return productPage(flash.id)
    return productPage(related[below(this.#random, related.length)] ?? this.productId())
  }

  #drawCount(): number | undefined {
    let left = this.#random()
    return shop.listCounts.find(({ share }) => (left -= share) < 0)?.count
  }

  #drawPage(pages: number): number {
    if (this.#random() < shop.anyPageShare) return 1 + below(this.#random, pages)
    const page = 1 + Math.floor(Math.log(1 - this.#random()) / Math.log(shop.nextPageShare))
    return Math.min(page, pages)
  }
}

type Memory = { readonly view: View; readonly related: readonly number[] }[]

// Only a view of which every answer had a tag can be asked for again; the oldest makes room.
function remember(memory: Memory, view: View, { etags, related }: Shown): void {
  if (etags.includes(undefined)) return
  if (memory.length >= shop.viewsRememberedMax) memory.shift()
  memory.push({ view: view.map((one, i) => ({ ...one, etag: etags[i] as string })), related })
}
