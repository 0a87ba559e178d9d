import type { Cluster } from '../../deploy/local/cluster/cluster.ts'
import type { ClusterPart } from '../../deploy/local/cluster/cluster-part.ts'
import type { Fault } from './fault.ts'
import type { Load } from './load/load.ts'
import { isGood, wallMs } from './load/outcome.ts'
import {
  brokenOf,
  examplesOf,
  inSeconds,
  measuredColumns,
  type Row,
  slowestRecoveryMs,
} from './row.ts'
import type { Stage } from './stage.ts'
import { startUsualLoad } from './usual-load.ts'
import { afterFaultMs, answerMsMax, recoveryMsMax } from './verdict.ts'

interface Blow {
  readonly name: string
  /** Resolves when the fault is over. */
  readonly strike: (cluster: Cluster, stage: Stage) => Promise<void>
}

/** An instance dies, is ended, hangs, or all are replaced: nobody who asks NGINX notices. */
export const instancesFault: Fault = {
  id: 'R1',
  title: 'instances end, hang and are replaced',
  run: (stage) =>
    stage.withCluster(async (cluster) => {
      const load = await startUsualLoad(cluster)
      const rows: Row[] = []
      for (const blow of blowsOf(stage)) rows.push(await strike(blow, cluster, load, stage))
      await load.stop()
      return rows
    }),
}

const blowsOf = ({ isQuick }: Stage): readonly Blow[] => [
  { name: 'kill -9', strike: (cluster) => first(cluster).kill() },
  // A rolling restart is two of these, so the short form does without.
  ...(isQuick ? [] : [{ name: 'SIGTERM', strike: (cluster: Cluster) => first(cluster).restart() }]),
  {
    name: 'SIGSTOP',
    strike: async (cluster, stage) => {
      await first(cluster).freeze()
      await stage.wait(isQuick ? 5_500 : 10_000)
      await first(cluster).thaw()
    },
  },
  {
    name: `rolling restart${isQuick ? '' : ', twice'}`,
    strike: async (cluster) => {
      await cluster.rollingRestart()
      if (!isQuick) await cluster.rollingRestart()
    },
  },
]

const strike = async (
  { name, strike: hit }: Blow,
  cluster: Cluster,
  load: Load,
  stage: Stage,
): Promise<Row> => {
  await load.calm()
  const fromMs = wallMs()
  await hit(cluster, stage)
  const overMs = wallMs()
  await stage.wait(afterFaultMs)
  const toMs = wallMs()

  const outcomes = await load.between(fromMs, toMs)
  const bad = outcomes.filter((outcome) => !isGood(outcome) || outcome.tookMs > answerMsMax)
  const measured = { outcomes, fromMs, toMs }
  const recoveryMs = slowestRecoveryMs(measured, [fromMs, overMs])
  return {
    fault: `R1 ${name}`,
    ...measuredColumns(measured),
    recoveryMs,
    failed: bad.length,
    bound: '0 failed or 503 or over 5 s; recovered ≤ 5 s',
    broken: brokenOf(
      [bad.length > 0, `${bad.length} were not answered well: ${examplesOf(bad)}`],
      [recoveryMs > recoveryMsMax, `recovered after ${inSeconds(recoveryMs)}`],
    ),
  }
}

const first = ({ instances }: Cluster) => instances[0] as ClusterPart
