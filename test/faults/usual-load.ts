import { askServer } from '../../deploy/local/ask-server.ts'
import type { Cluster } from '../../deploy/local/cluster/cluster.ts'
import { type Load, startLoad } from './load/load.ts'
import { seededRandom } from './load/mix.ts'
import type { LoadPlan, Targets } from './load/plan.ts'

const hotProducts = 60
const parts = ['', '/styles', '/related'] as const
const queryMsMax = 10_000

/** Enough for 100 cold reads within 2 s, and little enough for a machine of two cores that does other things. */
const usual = { perSecond: 200, coldShare: 0.4, conditionalShare: 0.3, markers: [] }

/**
 * The load that a cluster is broken under: 200 requests a second over the four endpoints, a part of them conditional, two fifths of
 * them for what has not been asked for before. Resolves when it runs smoothly.
 */
export const startUsualLoad = async (
  cluster: Cluster,
  options: Partial<LoadPlan> = {},
): Promise<Load> => {
  const targets = await targetsOf(cluster)
  const load = startLoad({ origin: cluster.url, targets, ...usual, ...options })
  await load.calm()
  return load
}

/** What can be asked of the catalogue of a cluster. */
const targetsOf = async ({ databases }: Cluster): Promise<Targets> => {
  const ids = await productIds(databases[0]?.url ?? '')
  const known = new Set(ids)
  const last = ids.at(-1) ?? 0
  const missingIds = numbers(last + 200).filter((id) => !known.has(id))
  return {
    hot: [
      ...ids.slice(0, hotProducts).flatMap(pathsOf),
      ...numbers(10).map((page) => `/products?page=${page}&count=5`),
    ],
    cold: shuffled([
      ...ids.slice(hotProducts).flatMap(pathsOf),
      ...missingIds.map((id) => `/products/${id}`),
      ...numbers(400).map((page) => `/products?page=${page}&count=${10 + (page % 40)}`),
    ]),
    missing: missingIds.map((id) => `/products/${id}`),
  }
}

const pathsOf = (id: number) => parts.map((part) => `/products/${id}${part}`)

const productIds = (url: string): Promise<number[]> =>
  askServer(url, queryMsMax, async (client) => {
    const { rows } = await client.query<{ id: number }>(
      'select id from catalog.product order by id',
    )
    return rows.map(({ id }) => id)
  })

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index + 1)

const shuffled = <T>(items: readonly T[]): T[] => {
  const random = seededRandom(2)
  return items
    .map((item) => ({ item, place: random() }))
    .toSorted((a, b) => a.place - b.place)
    .map(({ item }) => item)
}
