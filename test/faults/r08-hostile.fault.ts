import type { Cluster } from '../../deploy/local/cluster/cluster.ts'
import { hostileRequests } from '../deploy/hostile-requests.ts'
import { getRaw } from '../deploy/raw-http.ts'
import type { Fault } from './fault.ts'
import { harmOf, type Victim } from './harm.ts'
import type { Load } from './load/load.ts'
import { isGood, wallMs } from './load/outcome.ts'
import { brokenOf, examplesOf, measuredColumns, type Row } from './row.ts'
import { startUsualLoad } from './usual-load.ts'

const perSecond = 100
const atOnce = 16
/** Between two bytes: a request of 60 takes longer than either server waits for one. */
const slowMs = 200
const slowClients = 20

/** What good clients ask for before and after others were hostile, in each encoding. */
const goodRequests = [
  '/products/1',
  '/products/1/styles',
  '/products/1/related',
  '/products?page=1&count=5',
  '/',
].flatMap((target) =>
  ['identity', 'gzip', 'br'].map((encoding) => ({
    target,
    header: `Accept-Encoding: ${encoding}\r\n`,
  })),
)

/** Requests that are malformed, odd, slow or meant to be taken for others harm nobody. */
export const hostileFault: Fault = {
  id: 'R8',
  title: 'hostile requests through NGINX and directly',
  run: (stage) =>
    stage.withCluster(async (cluster) => {
      const load = await startUsualLoad(cluster, { perSecond })
      const rows = await Promise.all(
        victimsOf(cluster).map(({ name, victim }) =>
          attack(`R8 hostile requests ${name}`, victim, load),
        ),
      )
      await load.stop()
      return rows
    }),
}

const victimsOf = ({ url, instances }: Cluster) => {
  const portOf = (at: string) => Number(new URL(at).port)
  return [
    { name: 'through NGINX', victim: { port: portOf(url), hasMetrics: false } },
    { name: 'at an instance', victim: { port: portOf(instances[0]?.url ?? ''), hasMetrics: true } },
  ]
}

const attack = async (fault: string, victim: Victim, load: Load): Promise<Row> => {
  const before = await goodAnswers(victim)
  const fromMs = wallMs()
  const harm = (await Promise.all([sendAll(victim), sendSlowly(victim)])).flat()
  const toMs = wallMs()
  const after = await goodAnswers(victim)
  const outcomes = await load.between(fromMs, toMs)

  const changed = goodRequests.filter((_, place) => before[place] !== after[place])
  const bad = outcomes.filter((outcome) => !isGood(outcome))
  return {
    fault,
    ...measuredColumns({ outcomes, fromMs, toMs }),
    requests: hostileRequests.length + slowClients,
    failed: harm.length,
    bound: 'no 5xx but 501, 505; nothing of the inside; good clients unharmed',
    broken: brokenOf(
      [harm.length > 0, `${harm.length}: ${harm.slice(0, 5).join('; ')}`],
      [changed.length > 0, `answered otherwise afterwards: ${JSON.stringify(changed)}`],
      [bad.length > 0, `${bad.length} good requests were not answered: ${examplesOf(bad)}`],
    ),
  }
}

const sendAll = async (victim: Victim) => {
  const harm: string[] = []
  const queue = hostileRequests.values()
  const send = async () => {
    for (const request of queue) harm.push(...(await harmOf(victim, request)))
  }
  await Promise.all(Array.from({ length: atOnce }, send))
  return harm
}

const sendSlowly = async (victim: Victim) => {
  const bytes = 'GET /products/1 HTTP/1.1\r\nHost: shop.test\r\nConnection: close\r\n\r\n'
  const slow = { what: 'a byte now and then', bytes }
  const harm = await Promise.all(
    Array.from({ length: slowClients }, () => harmOf(victim, slow, slowMs)),
  )
  return harm.flat()
}

/** Status, the headers that describe the body, and the body, for comparison. */
const goodAnswers = ({ port }: Victim) =>
  Promise.all(
    goodRequests.map(async ({ target, header }) => {
      const { status, headers, body } = await getRaw(port, target, header)
      const described = ['content-type', 'content-encoding', 'etag', 'vary', 'cache-control']
      return JSON.stringify([status, described.map((name) => headers[name]), body])
    }),
  )
