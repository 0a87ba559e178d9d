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

/** How long it takes, which is less in the short form. */
interface Extent {
  readonly spikeMs: number
  /** The stair on which the capacity is measured: by how much it rises, and for how long each step. */
  readonly stairFactor: number
  readonly stepMs: number
}

const full: Extent = { spikeMs: 10_000, stairFactor: 1.3, stepMs: 4_000 }
const short: Extent = { spikeMs: 6_000, stairFactor: 1.5, stepMs: 1_500 }
const stairFrom = 500
const stairStepsMax = 14
/** Where fewer of the requests are answered, more of them bring nothing. */
const overloadedShare = 0.7

/** More visitors come at once than can be served: as many as ever are served, the others are told so, and it passes. */
export const spikeFault: Fault = {
  id: 'R5',
  title: 'a spike beyond the capacity',
  run: (stage) =>
    stage.withCluster(async (cluster) => {
      const load = await startUsualLoad(cluster, { perSecond: basePerSecond })
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
    }),
}

/**
 * Raises the rate by steps until more requests bring no more good answers; gives the best goodput of a step, and says when
 * that was the generator's own.
 */
const measureCapacity = async (
  load: Load,
  { stairFactor, stepMs }: Extent,
  { wait }: Pick<Stage, 'wait'>,
) => {
  let capacity = 0
  let notes: string[] = []
  for (let step = 0; step < stairStepsMax; step += 1) {
    const perSecond = stairFrom * stairFactor ** step
    load.setRate(perSecond)
    const fromMs = wallMs()
    await wait(stepMs)
    const toMs = wallMs()
    load.setRate(basePerSecond)
    const outcomes = await load.between(fromMs, toMs)
    const goodput = goodputOf(outcomes, fromMs, toMs)
    if (goodput > capacity) {
      capacity = goodput
      notes = saturationNotes(outcomes).map((note) => `while the capacity was measured ${note}`)
    }
    if (goodput < overloadedShare * perSecond) break
    await load.calm()
  }
  return { capacity, notes }
}

/** Whole good answers a second. */
const goodputOf = (outcomes: readonly Outcome[], fromMs: number, toMs: number) => {
  const good = outcomes.filter((outcome) => isGood(outcome) && endMs(outcome) <= toMs)
  return (good.length * 1000) / (toMs - fromMs)
}

const percent = (share: number) => `${Math.round(100 * share)} %`
