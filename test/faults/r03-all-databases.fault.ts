import type { Cluster } from '../../deploy/local/cluster/cluster.ts'
import type { DatabasePart } from '../../deploy/local/cluster/database-part.ts'
import type { Fault } from './fault.ts'
import type { Load } from './load/load.ts'
import { isGood, type Outcome, wallMs } from './load/outcome.ts'
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
import { afterFaultMs, hasFailed, quantile, recoveryMsMax } from './verdict.ts'

/** While it is being noticed that no database answers. */
const noticeMs = 3_000
const noticedMsMax = 1_000
const refusalMsMax = 100

interface Loss {
  readonly name: string
  readonly begin: (database: DatabasePart) => Promise<void>
  readonly end: (database: DatabasePart) => Promise<void>
}

const losses: readonly Loss[] = [
  {
    name: 'killed',
    begin: (database) => database.kill({ staysDown: true }),
    end: (database) => database.start(),
  },
  {
    name: 'frozen',
    begin: (database) => database.freeze(),
    end: (database) => database.thaw(),
  },
]

/** No database answers: what was asked for before is still answered, the rest is refused at once. */
export const allDatabasesFault: Fault = {
  id: 'R3',
  title: 'all databases are gone',
  run: (stage) =>
    stage.withCluster(async (cluster) => {
      const load = await startUsualLoad(cluster)
      const rows: Row[] = []
      for (const loss of losses) rows.push(await lose(loss, cluster, load, stage))
      await load.stop()
      return rows
    }),
}

const lose = async (
  { name, begin, end }: Loss,
  { databases }: Cluster,
  load: Load,
  stage: Stage,
): Promise<Row> => {
  await load.calm()
  const fromMs = wallMs()
  await Promise.all(databases.map(begin))
  await stage.wait(stage.isQuick ? 5_000 : 30_000)
  const overMs = wallMs()
  // The primary first: a replica follows it.
  for (const database of databases) await end(database)
  const backMs = wallMs()
  await stage.wait(afterFaultMs)
  const toMs = wallMs()

  const outcomes = await load.between(fromMs, toMs)
  const meanwhile = outcomes.filter(({ dueMs }) => dueMs < overMs)
  const measured = { outcomes, fromMs, toMs }
  const columns = measuredColumns(measured)
  const recoveryMs = slowestRecoveryMs(measured, [backMs])
  return {
    fault: `R3 all databases ${name}`,
    ...columns,
    recoveryMs,
    bound: 'warm: 0 failed or 503; rest 503 ≤ 1 s, after 3 s p99 ≤ 100 ms; recovered ≤ 5 s',
    broken: [
      ...brokenAtAnyTime(outcomes),
      ...brokenWhile(meanwhile, fromMs),
      ...brokenOf([recoveryMs > recoveryMsMax, `recovered after ${inSeconds(recoveryMs)}`]),
    ],
    notes: [...columns.notes, `the databases took ${inSeconds(backMs - overMs)} to start`],
  }
}

/** Also while the databases come back one after the other. */
const brokenAtAnyTime = (outcomes: readonly Outcome[]) => {
  const badWarm = outcomes.filter((outcome) => outcome.isWarm && !isGood(outcome))
  const bad = outcomes.filter((outcome) => !outcome.isWarm && hasFailed(outcome))
  return brokenOf(
    [badWarm.length > 0, `${badWarm.length} warm reads got none: ${examplesOf(badWarm)}`],
    [bad.length > 0, `${bad.length} failed: ${examplesOf(bad)}`],
  )
}

const brokenWhile = (outcomes: readonly Outcome[], fromMs: number) => {
  const rest = outcomes.filter(({ isWarm }) => !isWarm)
  const soon = rest.filter(({ dueMs }) => dueMs < fromMs + noticeMs)
  const slow = soon.filter(({ tookMs }) => tookMs > noticedMsMax)
  const later = rest.filter(({ dueMs }) => dueMs >= fromMs + noticeMs)
  const laterMs = quantile(
    later.map(({ tookMs }) => tookMs),
    0.99,
  )
  return brokenOf(
    [slow.length > 0, `${slow.length} took over 1 s in the first 3 s: ${examplesOf(slow)}`],
    [laterMs > refusalMsMax, `p99 after 3 s was ${Math.round(laterMs)} ms`],
  )
}
