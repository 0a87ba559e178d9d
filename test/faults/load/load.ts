import { fork } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { recoveryMs } from '../verdict.ts'
import { type Outcome, wallMs } from './outcome.ts'
import type { LoadOrder, LoadPlan } from './plan.ts'
import type { LoadReport } from './report.ts'

const pollMs = 50
const calmMsMax = 30_000
const calmWindowMs = 2_000

/** A load that runs in a process of its own, so that what the test does cannot delay it. */
export interface Load {
  readonly pid: number
  readonly setRate: (perSecond: number) => void
  /** The outcomes of what was due in that time, once all of them are known. */
  readonly between: (fromMs: number, toMs: number) => Promise<Outcome[]>
  /** Waits until every hot target is warm and answers are quick; gives up waiting after 30 s. */
  readonly calm: () => Promise<void>
  readonly stop: () => Promise<void>
}

const running = new Set<Load>()

/** Ends the loads that a fault which failed has left. */
export const endLoads = async (): Promise<void> => {
  await Promise.all([...running].map((load) => load.stop()))
}

export const startLoad = (plan: LoadPlan): Load => {
  const generator = fork(new URL('generator.ts', import.meta.url), {
    execArgv: ['--import', 'tsx'],
    serialization: 'advanced',
  })
  const outcomes: Outcome[] = []
  let completeUntilMs = 0
  generator.on('message', (report: LoadReport) => {
    for (const outcome of report.outcomes) outcomes.push(outcome)
    completeUntilMs = report.completeUntilMs
  })
  const tell = (order: LoadOrder) => void generator.send(order)
  const between = async (fromMs: number, toMs: number) => {
    while (completeUntilMs < toMs && generator.connected) await sleep(pollMs)
    return outcomes.filter(({ dueMs }) => dueMs >= fromMs && dueMs < toMs)
  }
  const isCalm = async () => {
    const nowMs = wallMs()
    const last = await between(nowMs - calmWindowMs, nowMs)
    const isWarm = last.every((outcome) => outcome.kind === 'cold' || outcome.isWarm)
    return isWarm && recoveryMs(last, nowMs - calmWindowMs, nowMs) < Infinity
  }
  tell({ begin: plan })
  const load: Load = {
    pid: generator.pid ?? 0,
    setRate: (perSecond) => tell({ perSecond }),
    between,
    calm: async () => {
      const deadline = wallMs() + calmMsMax
      while (!(await isCalm()) && wallMs() < deadline) await sleep(pollMs)
    },
    stop: async () => {
      running.delete(load)
      if (!generator.connected) return
      const exit = once(generator, 'exit')
      tell({ stop: true })
      await exit
    },
  }
  running.add(load)
  return load
}
