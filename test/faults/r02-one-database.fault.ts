import { type Blackhole, createBlackhole } from './blackhole.ts'
import {
  blackhole,
  type DatabaseBlow,
  endConnections,
  freeze,
  killBackend,
  killPostmaster,
  type StruckDatabase,
} from './database-blows.ts'
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
import { afterFaultMs, hasFailed, recoveryMsMax } from './verdict.ts'

const blows = [killBackend, killPostmaster, freeze, endConnections, blackhole]
/** The short form has each blow once. */
const quickBlows = {
  replica: [freeze, endConnections],
  primary: [killPostmaster, killBackend, blackhole],
}

/** One database of two is lost or hangs: who asks for what was asked for before does not notice, the others hardly. */
export const oneDatabaseFault: Fault = {
  id: 'R2',
  title: 'the replica, then the primary, is lost or hangs',
  run: async (stage) => {
    const ways = new Map<string, Blackhole>()
    const reach = async ({ url, name }: { readonly url: string; readonly name: string }) => {
      const way = await createBlackhole(Number(new URL(url).port))
      ways.set(name, way)
      return Object.assign(new URL(url), { port: way.port }).href
    }
    const rows = await stage.withCluster(
      async (cluster) => {
        const load = await startUsualLoad(cluster)
        const struck = cluster.databases
          .map((part) => ({ part, way: ways.get(part.name) as Blackhole }))
          .toReversed()
        const done: Row[] = []
        for (const database of struck) {
          const chosen = stage.isQuick ? quickBlows[database.part.role] : blows
          for (const blow of chosen) done.push(await strike(blow, database, load, stage))
        }
        await load.stop()
        return done
      },
      { reach },
    )
    for (const way of ways.values()) await way.remove()
    return rows
  },
}

const strike = async (
  { name, strike: hit, heal }: DatabaseBlow,
  database: StruckDatabase,
  load: Load,
  stage: Stage,
): Promise<Row> => {
  await load.calm()
  const fromMs = wallMs()
  const events = [fromMs]
  await hit(database)
  if (heal !== undefined) {
    await stage.wait(stage.isQuick ? 5_000 : 20_000)
    events.push(wallMs())
    await heal(database)
  }
  await stage.wait(afterFaultMs)
  const toMs = wallMs()
  return judge(`R2 ${database.part.name}: ${name}`, load, { fromMs, toMs, events })
}

interface Times {
  readonly fromMs: number
  readonly toMs: number
  /** When the fault began, and when it was over, where it lasted. */
  readonly events: readonly number[]
}

const judge = async (fault: string, load: Load, { fromMs, toMs, events }: Times): Promise<Row> => {
  const outcomes = await load.between(fromMs, toMs)
  const badWarm = outcomes.filter((outcome) => outcome.isWarm && !isGood(outcome))
  const failed = outcomes.filter(hasFailed)
  const cold = outcomes.filter(({ isWarm }) => !isWarm)
  const measured = { outcomes, fromMs, toMs }
  const recoveryMs = Math.max(
    slowestRecoveryMs(measured, events),
    slowestRecoveryMs({ ...measured, outcomes: cold }, events),
  )
  return {
    fault,
    ...measuredColumns(measured),
    recoveryMs,
    bound: 'warm: 0 failed or 503; cold: or 503; each recovered ≤ 5 s',
    broken: brokenOf(
      [badWarm.length > 0, `${badWarm.length} warm reads got none: ${examplesOf(badWarm)}`],
      [failed.length > 0, `${failed.length} failed: ${examplesOf(failed)}`],
      [recoveryMs > recoveryMsMax, `recovered after ${inSeconds(recoveryMs)}`],
    ),
  }
}
