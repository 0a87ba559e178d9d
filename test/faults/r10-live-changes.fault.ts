import { isDeepStrictEqual } from 'node:util'
import { askServer } from '../../deploy/local/ask-server.ts'
import type { Cluster } from '../../deploy/local/cluster/cluster.ts'
import type { Fault } from './fault.ts'
import { wallMs } from './load/outcome.ts'
import { countUp, longestDelayMs, watchCount } from './marked-value.ts'
import { startWriters } from './random-writers.ts'
import { brokenOf, examplesOf, measuredColumns } from './row.ts'
import type { Stage } from './stage.ts'
import { type Answered, answersOf, truthOf } from './truth.ts'
import { startUsualLoad } from './usual-load.ts'

const writersCount = 3
const processMsMax = 1_000
const nginxMsMax = 3_000
const queryMsMax = 5_000
const shownCharsMax = 200
const statuses = new Set([200, 304, 404])

/** Writers change the catalogue while the replica stops and goes on: every change is seen in time, and nothing old is kept. */
export const liveChangesFault: Fault = {
  id: 'R10',
  title: 'random writers, while the replica is paused and resumed',
  run: (stage) =>
    stage.withCluster(async (cluster) => {
      const [primary, replica] = cluster.databases.map(({ url }) => url) as [string, string]
      const { counted, ids } = await chooseIds(primary)
      const load = await startUsualLoad(cluster)
      const origins = [cluster.url, ...cluster.instances.map(({ url }) => url)]

      const fromMs = wallMs()
      const over = new AbortController()
      const writers = startWriters(primary, ids, writersCount)
      const counting = countUp(primary, counted.sku, over.signal)
      const watching = origins.map((origin) =>
        watchCount(origin, counted.product, counted.sku, over.signal),
      )
      await pauseAndResume(replica, stage)
      over.abort()
      const committed = await writers.stop()
      const commits = await counting
      const watched = await Promise.all(watching)
      const [throughNginx = 0, ...inProcesses] = watched.map((seen) =>
        longestDelayMs(commits, seen),
      )
      const toMs = wallMs()
      const outcomes = await load.between(fromMs, toMs)
      await load.stop()

      await stage.wait(nginxMsMax)
      const different = await differences(cluster, origins, ids)
      const bad = outcomes.filter(({ status }) => !statuses.has(status))
      const inProcess = Math.max(...inProcesses)
      return [
        {
          fault: 'R10 random writers, replica paused and resumed',
          ...measuredColumns({ outcomes, fromMs, toMs }),
          failed: bad.length,
          bound: 'all cached = database; seen ≤ 1 s in a process, ≤ 3 s by NGINX',
          broken: brokenOf(
            [bad.length > 0, `${bad.length} were not answered: ${examplesOf(bad)}`],
            [
              different.length > 0,
              `${different.length} differ: ${different.slice(0, 3).join('; ')}`,
            ],
            [inProcess > processMsMax, `a process gave the old value for ${inProcess} ms`],
            [watched.some((seen) => seen.length === 0), 'the value was never seen'],
            [throughNginx > nginxMsMax, `NGINX gave the old value for ${throughNginx} ms`],
          ),
          notes: [
            `${committed + commits.length} transactions; the old value was given for up to ` +
              `${Math.round(inProcess)} ms by a process and ${Math.round(throughNginx)} ms by NGINX`,
          ],
        },
      ]
    }),
}

/** A SKU that only the counter writes to, and products for the random writers. */
const chooseIds = (url: string) =>
  askServer(url, queryMsMax, async (client) => {
    const { rows: products } = await client.query<{ id: number }>(
      'select id from catalog.product order by id limit 60',
    )
    const { rows: skus } = await client.query<{ product: number; sku: number }>(
      `select s.product_id as product, k.id as sku from catalog.sku k
       join catalog.style s on s.id = k.style_id where s.product_id > 1000 order by k.id limit 1`,
    )
    const { rows: last } = await client.query<{ id: number }>(
      'select max(id) as id from catalog.product',
    )
    const lastId = last[0]?.id ?? 0
    return {
      counted: skus[0] as { readonly product: number; readonly sku: number },
      ids: {
        products: products.map(({ id }) => id),
        absent: Array.from({ length: 20 }, (_, index) => lastId + 1 + index),
      },
    }
  })

/** The replica goes on receiving what is written while it shows none of it. */
const pauseAndResume = async (replica: string, { isQuick, wait }: Stage) => {
  const untilMs = wallMs() + (isQuick ? 10_000 : 60_000)
  const say = (statement: string) =>
    askServer(replica, queryMsMax, (client) => client.query(statement))
  while (wallMs() < untilMs) {
    await say('select pg_wal_replay_pause()')
    await wait(100 + Math.random() * 2_000)
    await say('select pg_wal_replay_resume()')
    await wait(Math.random() * 1_000)
  }
}

/** The targets of which an origin gives something else than the database holds. */
const differences = async (
  { databases }: Cluster,
  origins: readonly string[],
  {
    products,
    absent,
  }: { readonly products: readonly number[]; readonly absent: readonly number[] },
) => {
  const targets = [
    ...[...products, ...absent].flatMap((id) =>
      ['', '/styles', '/related'].map((part) => `/products/${id}${part}`),
    ),
    ...Array.from({ length: 20 }, (_, index) => `/products?page=${index + 1}&count=5`),
  ]
  const truth = await truthOf(databases[0]?.url ?? '', targets)
  const found: string[] = []
  for (const origin of origins) {
    const answers = await answersOf(origin, targets)
    for (const [place, target] of targets.entries()) {
      const [came, expected] = [answers[place], truth[place]]
      if (!isDeepStrictEqual(came, expected))
        found.push(`${origin}${target}: expected ${shown(expected)}, came ${shown(came)}`)
    }
  }
  return found
}

const shown = (answer: Answered | undefined) =>
  `${answer?.status} ${answer?.body.slice(0, shownCharsMax)}`
