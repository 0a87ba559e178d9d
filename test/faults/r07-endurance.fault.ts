import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import { floorSlopePerMinute } from '../../loadtest/slope.ts'
import type { Cluster } from '../../deploy/local/cluster/cluster.ts'
import type { Fault } from './fault.ts'
import { wallMs } from './load/outcome.ts'
import { brokenOf, examplesOf, measuredColumns } from './row.ts'
import { type Series, watchUsage } from './usage-watch.ts'
import { startUsualLoad } from './usual-load.ts'
import { hasFailed } from './verdict.ts'

/** So many that the heap of each process is collected several times in each half: with 250 one half of four minutes had no collection. */
const perSecond = 400
/** Each can be asked for in three ways: enough that nothing cold is asked for twice. */
const products = 20_000
const changePauseMs = 100
/** So small that it is full, and drops for each reply that it keeps another one, before memory is looked at. */
const env = { REPLY_CACHE_BYTES_MAX: String(8 * 1024 * 1024) }

/**
 * Growth a minute of what is left in the calmest moments: memory after a collection, sockets and connections a minute after a busy
 * moment, which opens some that are then kept. What leaks is left in calm moments as well.
 */
const slopeMax = { MB: 1, sockets: 0.5, connections: 0.5 } as const

/**
 * The heap of a process grows by 10 MB with its first 100,000 answers, and by nothing with the next 400,000: at the rate of the run that
 * would take a third of it.
 */
const maturing = { perSecond: 1_000, coldShare: 0.3 }

/** Ten minutes, of which the first two are for caches to fill. In the short form slopes say little: see shortMax. */
const full = { matureS: 100, seconds: 600, settledAfterS: 120 }
const short = { matureS: 0, seconds: 18, settledAfterS: 6 }
/**
 * What may come on top within the 12 s of the short form: what grows by 7 kB with each request exceeds it, or loses a socket with
 * each twentieth. A busy moment opens connections that are kept for a minute, fewer than that.
 */
const shortMax = { MB: 20, sockets: 150, connections: 6 } as const

/** The load goes on while the catalogue changes: nothing grows. */
export const enduranceFault: Fault = {
  id: 'R7',
  title: 'a long load with changes',
  run: (stage) =>
    stage.withCluster(
      async (cluster) => {
        const { matureS, seconds, settledAfterS } = stage.isQuick ? short : full
        await mature(cluster, matureS, stage.wait)
        const load = await startUsualLoad(cluster, { perSecond })
        const over = new AbortController()
        const changing = change(cluster.databases[0]?.url ?? '', over.signal)
        const fromMs = wallMs()
        const usage = await watchUsage(cluster, seconds, stage.wait)
        const toMs = wallMs()
        over.abort()
        await changing
        const outcomes = await load.between(fromMs, toMs)
        await load.stop()

        const settled = usage.map((series) => ({
          ...series,
          points: series.points.filter(({ atS }) => atS >= settledAfterS),
        }))
        const growing = settled.filter(stage.isQuick ? growsInShort : grows)
        const failed = outcomes.filter(hasFailed)
        return [
          {
            fault: `R7 ${seconds} s of load with changes`,
            ...measuredColumns({ outcomes, fromMs, toMs }),
            bound: stage.isQuick
              ? `memory + ≤ ${shortMax.MB} MB, sockets and connections flat`
              : 'memory ≤ 1 MB a minute and process; sockets, connections flat',
            broken: brokenOf(
              [failed.length > 0, `${failed.length} failed: ${examplesOf(failed)}`],
              ...growing.map((series) => [true, `grows: ${describe(series)}`] as const),
            ),
            notes: settled.map(describe),
          },
        ]
      },
      { env, products },
    ),
}

const mature = async (cluster: Cluster, seconds: number, wait: (ms: number) => Promise<void>) => {
  if (seconds === 0) return
  const load = await startUsualLoad(cluster, maturing)
  await wait(seconds * 1000)
  await load.stop()
}

/** Some stock and some prices change each second, as they do in a shop; nothing becomes larger. */
const change = async (url: string, over: AbortSignal) => {
  const client = new Client(url)
  await client.connect()
  for (let turn = 1; !over.aborted; turn += 1) {
    await client.query(
      turn % 5 === 0
        ? `update catalog.product set default_price = 1 + $1::int % 100 where id % 400 = $1::int % 400`
        : `update catalog.sku set quantity = $1::int % 90 where id % 4000 = $1::int % 4000`,
      [turn],
    )
    await sleep(changePauseMs)
  }
  await client.end()
}

const grows = ({ unit, points }: Series) => floorSlopePerMinute(points) > slopeMax[unit]

const growsInShort = ({ unit, points }: Series) => last(points) - first(points) > shortMax[unit]

const describe = ({ name, unit, points }: Series) =>
  `${name} ${first(points).toFixed(0)} → ${last(points).toFixed(0)} ${unit}, ` +
  `${floorSlopePerMinute(points).toFixed(2)} a minute`

const first = (points: Series['points']) => points[0]?.value ?? 0
const last = (points: Series['points']) => points.at(-1)?.value ?? 0
