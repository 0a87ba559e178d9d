import type { Cluster } from '../../deploy/local/cluster/cluster.ts'
import { settings } from '../../lib/config.ts'
import type { Fault } from './fault.ts'
import { wallMs } from './load/outcome.ts'
import { watchQueries } from './query-watch.ts'
import { brokenOf, inSeconds, measuredColumns, slowestRecoveryMs } from './row.ts'
import { rush } from './rush.ts'
import { startUsualLoad } from './usual-load.ts'

const perSecond = 300

/** What one instance may ask of one database at once: reads, streamed pages, and its poll. */
const poolMax = [settings.readConnectionsMax, settings.streamConnectionsMax].reduce(
  (sum, { defaultText }) => sum + Number(defaultText),
  1,
)

/** Everything is lost at once, with all that was cached, and the visitors go on asking. */
export const coldStartFault: Fault = {
  id: 'R6',
  title: 'every cache is emptied and every process restarted',
  run: (stage) =>
    stage.withCluster(async (cluster) => {
      const load = await startUsualLoad(cluster, { perSecond })
      const queries = watchQueries(cluster.databases.map(({ url }) => url))
      const fromMs = wallMs()
      await loseEverything(cluster)
      await rush(cluster, load, stage)
      load.setRate(perSecond)
      await stage.wait(stage.isQuick ? 6_000 : 15_000)
      const toMs = wallMs()
      const outcomes = await load.between(fromMs, toMs)
      await load.stop()
      const watched = await queries.stop()

      const measured = { outcomes, fromMs, toMs }
      const recoveryMs = slowestRecoveryMs(measured, [fromMs])
      const queriesMax = poolMax * cluster.instances.length
      const most = Math.max(...watched.map(({ max }) => max))
      return [
        {
          fault: 'R6 all caches and processes lost',
          ...measuredColumns(measured),
          recoveryMs,
          bound: `recovers by itself; a database has ≤ ${queriesMax} queries at once`,
          broken: brokenOf(
            [recoveryMs === Infinity, 'it did not recover'],
            [most > queriesMax, `a database had ${most} queries at once`],
            [most < queriesMax / 2, `only ${most} queries came together: the bound was not tried`],
            [watched.some(({ samples }) => samples === 0), 'a database was never looked at'],
          ),
          notes: [
            `a database had at most ${most} of ${queriesMax} queries at once; all was back after ${inSeconds(recoveryMs)}`,
          ],
        },
      ]
    }),
}

/** What dies comes back by itself, but for NGINX, which would keep what it has on its shelves. */
const loseEverything = async ({ nginx, instances, databases }: Cluster) => {
  await Promise.all([
    nginx.kill({ staysDown: true }),
    ...instances.map((instance) => instance.kill()),
    ...databases.map((database) => database.kill()),
  ])
  await nginx.forget()
  await nginx.start()
}
