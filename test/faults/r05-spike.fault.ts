import type { Fault } from './fault.ts'
import { separateCores } from './cores.ts'
import type { Load } from './load/load.ts'
import { endMs, isGood, isRefusal, type Outcome, wallMs } from './load/outcome.ts'
import {
  brokenOf,
  examplesOf,
  inSeconds,
  measuredColumns,
  saturationNotes,
  slowestRecoveryMs,
} from './row.ts'
import type { Stage } from './stage.ts'
import { startUsualLoad } from './usual-load.ts'
import { recoveryMsMax } from './verdict.ts'

const basePerSecond = 150
const afterMs = 6_000
const goodputShareMin = 0.9

/**
 * So much that loads are what the service is short of: what NGINX answers from its shelves costs the generator as much as NGINX, and
 * with more of it the generator, on a core of its own, would be the first that can do no more. With 0.8 less than 90 % was
 * seen: see decision 013.
 */
const coldShare = 0.6

/** Each can be asked for in three ways: enough that, at 2,000 good answers a second, nothing cold is asked for twice. */
const products = 20_000

/**
 * Less than what is cold, more than what is hot: what is cold costs a read each time. With room for both the service would
 * be faster in the spike than on the stair before it, and the capacity would say nothing about the spike.
 */
const env = { REPLY_CACHE_BYTES_MAX: String(32 * 1024 * 1024) }

/** How long the spike and each step of the stair take, which is less in the short form. */
interface Extent {
  readonly spikeMs: number
  readonly stepMs: number
}

const full: Extent = { spikeMs: 10_000, stepMs: 1_500 }
const short: Extent = { spikeMs: 6_000, stepMs: 1_500 }

/** The stair on which the capacity is measured: where it begins, by how much it rises, and where it ends at the latest. */
const stairFrom = 5 * basePerSecond
const stairFactor = 1.3
const stairStepsMax = 12
/**
 * It ends where a step brings less than a tenth more good answers, twice: one may fall short by chance. What is hot in nearly a third
 * more requests brings a few percent for ever, and all that is asked for up there is kept and no longer cold in the spike.
 */
const gainMin = 1.1
const stepsWithoutGainMax = 2

/** More visitors come at once than can be served: as many as ever are served, the others are told so, and it passes. */
export const spikeFault: Fault = {
  id: 'R5',
  title: 'a spike beyond the capacity',
  run: (stage) =>
    stage.withCluster(
      async (cluster) => {
        const load = await startUsualLoad(cluster, { perSecond: basePerSecond, coldShare })
        const cores = await separateCores(load.pid, cluster)
        const extent = stage.isQuick ? short : full
        const { capacity, notes } = await measureCapacity(load, extent, stage)
        await load.calm()

        const perSecond = Math.max(10 * basePerSecond, 1.5 * capacity)
        const fromMs = wallMs()
        load.setRate(perSecond)
        await stage.wait(extent.spikeMs)
        const overMs = wallMs()
        load.setRate(basePerSecond)
        await stage.wait(afterMs)
        const toMs = wallMs()
        const outcomes = await load.between(fromMs, toMs)
        await load.stop()

        const measured = { outcomes, fromMs, toMs }
        const recoveryMs = slowestRecoveryMs(measured, [overMs])
        const goodput = goodputOf(outcomes, fromMs, overMs)
        const bad = outcomes.filter((outcome) => !isGood(outcome) && !isRefusal(outcome))
        return [
          {
            fault: `R5 ${Math.round(perSecond)} requests/s for ${extent.spikeMs / 1000} s`,
            ...measuredColumns(measured),
            failed: bad.length,
            recoveryMs,
            bound: '200, 304, 404, 503; goodput ≥ 90 % of capacity; recovered ≤ 5 s',
            broken: brokenOf(
              [bad.length > 0, `${bad.length} got something else: ${examplesOf(bad)}`],
              [goodput < goodputShareMin * capacity, `goodput was ${percent(goodput / capacity)}`],
              [recoveryMs > recoveryMsMax, `recovered after ${inSeconds(recoveryMs)}`],
            ),
            notes: [
              `capacity ${Math.round(capacity)} good answers/s; in the spike ${Math.round(goodput)}, ` +
                `${percent(goodput / capacity)} of it; ${cores}`,
              ...notes,
              ...saturationNotes(outcomes.filter(({ dueMs }) => dueMs < overMs)),
            ],
          },
        ]
      },
      { env, products },
    ),
}

/**
 * Raises the rate by steps until more requests bring no more good answers; gives the best goodput of a step, and says when
 * that was the generator's own. Between two steps what is under way is waited for, and nothing else: the next one finds
 * everything as warm as the last one left it.
 */
const measureCapacity = async (load: Load, { stepMs }: Extent, { wait }: Pick<Stage, 'wait'>) => {
  let capacity = 0
  let notes: string[] = []
  let withoutGain = 0
  for (let step = 0; step < stairStepsMax && withoutGain < stepsWithoutGainMax; step += 1) {
    const perSecond = stairFrom * stairFactor ** step
    load.setRate(perSecond)
    const fromMs = wallMs()
    await wait(stepMs)
    const toMs = wallMs()
    load.setRate(basePerSecond)
    const outcomes = await load.between(fromMs, toMs)
    const goodput = goodputOf(outcomes, fromMs, toMs)
    withoutGain = goodput < gainMin * capacity ? withoutGain + 1 : 0
    if (goodput > capacity) {
      capacity = goodput
      notes = saturationNotes(outcomes).map((note) => `while the capacity was measured ${note}`)
    }
  }
  return { capacity, notes }
}

/** Whole good answers a second. */
const goodputOf = (outcomes: readonly Outcome[], fromMs: number, toMs: number) => {
  const good = outcomes.filter((outcome) => isGood(outcome) && endMs(outcome) <= toMs)
  return (good.length * 1000) / (toMs - fromMs)
}

const percent = (share: number) => `${Math.round(100 * share)} %`
