import { askServer } from '../../deploy/local/ask-server.ts'
import type { Cluster } from '../../deploy/local/cluster/cluster.ts'
import { type Load, startLoad } from './load/load.ts'
import { wallMs } from './load/outcome.ts'
import type { LoadPlan } from './load/plan.ts'
import type { Stage } from './stage.ts'

const perSecond = 1_500
const rushMs = 6_000
/** Shorter than what a statement may take, so that nothing fails of it. */
const heldMs = 300
const heldEveryMs = 900
const queryMsMax = 2_000

/** Pages of so many products are streamed, on connections of their own; more of them come than two can send. */
const listsPerSecond = 30
const listCount = 1_000
const listPages = 10

/**
 * For 6 s more is asked for than is usual, large lists among it. Again and again all reads are held up for a moment, as by a disk
 * that is slow because nothing has been read from it yet: as many as the service ever has under way then come together.
 */
export const rush = async (
  cluster: Cluster,
  load: Load,
  { wait }: Pick<Stage, 'wait'>,
): Promise<void> => {
  const overMs = wallMs() + rushMs
  load.setRate(perSecond)
  const lists = startLoad(listsOf(cluster))
  while (wallMs() < overMs) {
    // Until the primary is back it cannot be asked, and nothing reads.
    await holdReads(cluster).catch(() => undefined)
    await wait(heldEveryMs - heldMs)
  }
  await lists.stop()
}

/** A replica repeats the lock of its primary. */
const holdReads = ({ databases, release: { release } }: Cluster) =>
  askServer(databases[0]?.url ?? '', queryMsMax, async (client) => {
    const tables = ['product', 'styles', 'related'].map(
      (name) => `release_${release}.${name}_document`,
    )
    await client.query('begin')
    await client.query(`lock table ${tables.join(', ')} in access exclusive mode`)
    await client.query('select pg_sleep($1)', [heldMs / 1000])
    await client.query('commit')
  })

const listsOf = ({ url }: Cluster): LoadPlan => ({
  origin: url,
  perSecond: listsPerSecond,
  coldShare: 1,
  conditionalShare: 0,
  markers: [],
  targets: {
    hot: [],
    cold: Array.from(
      { length: listPages },
      (_, index) => `/products?page=${index + 1}&count=${listCount}`,
    ),
    missing: [],
  },
})
