import { below, randomStream } from '../random.ts'
import { zipf } from '../zipf.ts'
import type { Catalogue } from './catalogue.ts'
import type { ContestantName } from './contestant.ts'
import type { Traffic } from './traffic.ts'

/** One kind of work, and who is asked to do it. */
export interface Workload {
  readonly name: string
  readonly title: string
  /** Off: nobody keeps an answer, neither in the process nor in Redis nor in NGINX. */
  readonly caches: 'on' | 'off'
  /** How much a process of the service may keep, when not as much as by default. */
  readonly replyCacheBytesMax?: number
  readonly traffic: (catalogue: Catalogue) => Traffic
  /** The numbers to fill caches with before the round, the most wanted last; undefined when the traffic itself will do. */
  readonly wanted?: (catalogue: Catalogue) => Int32Array
  /** How many connections ask, when not as many as by default. */
  readonly connections?: number
  /** Whether clients remember ETags and ask conditionally. */
  readonly conditional?: true
  readonly contestants: readonly ContestantName[]
}

const stylesPath = '/products/{}/styles'
const listPath = '/products?page={}&count=5'
/**
 * Not one page, and few connections: who asks for what is being loaded already waits for that load, also without a cache,
 * and with one page for all it would be loaded once for everybody. So it is 4 % of the requests.
 */
const listPages = 200
const listConnections = 8
const zipfExponent = 0.9
/** How many of the most popular products are asked for before a Zipf round; they take 170 MB. */
const wantedMax = 100_000
/** As many answers as a shop's front page, its categories and its campaigns need. */
const hotKeys = 2_000

const databaseReaders = [
  'product-overview',
  'design-1',
  'design-2',
  'fastify-postgres',
  'postgres-js',
] as const

/** The products of the hot workloads. */
export const hotIds = ({ byPopularity }: Catalogue): Int32Array =>
  byPopularity.subarray(0, Math.min(hotKeys, Math.floor(byPopularity.length / 2)))

const mostWanted = ({ byPopularity }: Catalogue) => byPopularity.slice(0, wantedMax).toReversed()

/** Every workload, in the order of the tables. */
export const workloads: readonly Workload[] = [
  {
    name: 'styles-cold',
    title: 'Styles, cold: uniformly random products, no cache',
    caches: 'off',
    traffic: (catalogue) => ({ template: stylesPath, numbers: uniform(catalogue.byPopularity) }),
    contestants: [...databaseReaders, 'pgbench'],
  },
  {
    name: 'styles-zipf',
    title: `Styles, Zipf ${zipfExponent}: popular products more often, caches filled`,
    caches: 'on',
    traffic: (catalogue) => ({ template: stylesPath, numbers: popular(catalogue.byPopularity) }),
    wanted: mostWanted,
    contestants: [
      'product-overview',
      'design-2',
      'fastify-postgres',
      'postgres-js',
      'node-constant',
    ],
  },
  {
    name: 'styles-hot',
    title: 'Styles, hot: one and the same product',
    caches: 'on',
    traffic: ({ typicalId }) => ({ template: stylesPath, numbers: Int32Array.of(typicalId) }),
    contestants: [...databaseReaders, 'node-constant', 'nginx-static', 'pgbench'],
  },
  {
    name: 'product-cold',
    title: 'Product with features, cold',
    caches: 'off',
    traffic: (catalogue) => ({
      template: '/products/{}',
      numbers: uniform(catalogue.byPopularity),
    }),
    contestants: databaseReaders,
  },
  {
    name: 'related-cold',
    title: 'Related products, cold',
    caches: 'off',
    traffic: (catalogue) => ({
      template: '/products/{}/related',
      numbers: uniform(catalogue.byPopularity),
    }),
    contestants: databaseReaders,
  },
  {
    name: 'list-first',
    title: `List, the first ${listPages} pages of five, cold`,
    caches: 'off',
    connections: listConnections,
    traffic: (catalogue) => ({ template: listPath, numbers: uniform(firstPages(catalogue)) }),
    contestants: databaseReaders,
  },
  {
    name: 'list-deep',
    title: `List, the last ${listPages} pages of five, cold`,
    caches: 'off',
    connections: listConnections,
    traffic: (catalogue) => ({ template: listPath, numbers: uniform(lastPages(catalogue)) }),
    contestants: databaseReaders,
  },
  {
    name: 'not-modified',
    title: `304: ${hotKeys} products whose ETags the clients remember`,
    caches: 'on',
    traffic: (catalogue) => ({
      template: stylesPath,
      numbers: uniform(hotIds(catalogue)),
    }),
    wanted: hotIds,
    conditional: true,
    contestants: ['product-overview', 'design-1', 'design-2', 'node-constant'],
  },
  {
    name: 'nginx-hot',
    title: `Through NGINX, hot: ${hotKeys} products`,
    caches: 'on',
    traffic: (catalogue) => ({
      template: stylesPath,
      numbers: uniform(hotIds(catalogue)),
    }),
    wanted: hotIds,
    contestants: ['behind-nginx', 'nginx-static'],
  },
  {
    name: 'nginx-zipf',
    title: `Through NGINX, Zipf ${zipfExponent}, caches filled`,
    caches: 'on',
    traffic: (catalogue) => ({ template: stylesPath, numbers: popular(catalogue.byPopularity) }),
    wanted: mostWanted,
    contestants: ['behind-nginx'],
  },
  {
    name: 'nginx-cold',
    title: 'Through NGINX, cold: uniformly random products, no cache',
    caches: 'off',
    traffic: (catalogue) => ({ template: stylesPath, numbers: uniform(catalogue.byPopularity) }),
    contestants: ['behind-nginx'],
  },
]

/** The workload of that name; throws when there is none. */
export const findWorkload = (name: string): Workload => {
  const workload = workloads.find((each) => each.name === name)
  if (workload !== undefined) return workload
  throw new Error(`expected one of ${workloads.map((each) => each.name).join(', ')}, came ${name}`)
}

/** So small that products asked for one after the other are long gone when their turn comes again. */
const mixedCacheBytes = 8 * 1024 * 1024

/** Hot products, but for a share of requests for products that nobody asked for before. */
export const mixedWith = (missShare: number): Workload => ({
  name: `styles-misses-${missShare}`,
  title: `Styles, ${missShare * 100} % misses`,
  caches: 'on',
  replyCacheBytesMax: mixedCacheBytes,
  traffic: (catalogue) => {
    const hot = hotIds(catalogue)
    const cold = catalogue.byPopularity.subarray(hot.length)
    return { template: stylesPath, numbers: mixed(hot, cold, missShare) }
  },
  wanted: hotIds,
  contestants: ['product-overview', 'design-2'],
})

/** The product that stands for all, by its path; every contestant answers it. */
export const typicalPath = ({ typicalId }: Catalogue): string =>
  stylesPath.replace('{}', `${typicalId}`)

const pagesOf = ({ byPopularity }: Catalogue) => Math.ceil(byPopularity.length / 5)

const firstPages = (catalogue: Catalogue) =>
  Int32Array.from({ length: Math.min(listPages, pagesOf(catalogue)) }, (_, place) => place + 1)

const lastPages = (catalogue: Catalogue) =>
  firstPages(catalogue).map((page) => pagesOf(catalogue) + 1 - page)

/** More requests than a round sends, so that a cold id does not come twice for the want of numbers. */
const trafficLength = 2 ** 21
const seed = 20_260_101

const uniform = (ids: Int32Array): Int32Array => {
  const random = randomStream(seed, 0)
  return Int32Array.from({ length: trafficLength }, () => at(ids, below(random, ids.length)))
}

const popular = (ids: Int32Array): Int32Array => {
  const rank = zipf(ids.length, zipfExponent, randomStream(seed, 0))
  return Int32Array.from({ length: trafficLength }, () => at(ids, rank() - 1))
}

const mixed = (hot: Int32Array, cold: Int32Array, missShare: number): Int32Array => {
  const random = randomStream(seed, 0)
  let place = 0
  return Int32Array.from({ length: trafficLength }, () =>
    random() < missShare ? at(cold, place++ % cold.length) : at(hot, below(random, hot.length)),
  )
}

const at = (ids: Int32Array, place: number) => ids[place] as number
