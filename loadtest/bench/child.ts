import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

export interface ChildPlan {
  readonly command: string
  readonly args: readonly string[]
  readonly cwd?: string
  /** Added to PATH and the like; nothing else of our environment is passed on. */
  readonly env?: Readonly<Record<string, string>>
  /** The file that takes what it prints. */
  readonly log: string
  /** The user to run as, when that is another one. */
  readonly ids?: { readonly uid: number; readonly gid: number }
  readonly stopSignal?: NodeJS.Signals
}

/** A running program of the bench. */
export interface Child {
  readonly pid: number
  /** Whether it has ended by itself. */
  hasEnded(): boolean
  /** The end of what it printed, for messages. */
  lastWords(): string
  /** Asks it to stop, and kills it when it has not after 15 s. */
  readonly stop: (this: void) => Promise<void>
}

const stopMsMax = 15_000
const lastWordsCharsMax = 2_000
const running = new Set<Child>()

/** Starts a program in a process group of its own, so that Ctrl-C reaches only the bench, which stops it in order. */
export const startChild = async (plan: ChildPlan): Promise<Child> => {
  const log = openSync(plan.log, 'w')
  const spawned = spawn(plan.command, plan.args, {
    ...(plan.cwd === undefined ? {} : { cwd: plan.cwd }),
    ...plan.ids,
    env: { ...baseEnvironment(), ...plan.env },
    stdio: ['ignore', log, log],
    detached: true,
  })
  closeSync(log)
  await once(spawned, 'spawn')
  const child = asChild(spawned, plan)
  running.add(child)
  return child
}

/** Stops whatever still runs, the latest first. */
export const stopAllChildren = async (): Promise<void> => {
  for (const child of [...running].toReversed()) await child.stop()
}

const asChild = (spawned: ChildProcess, plan: ChildPlan): Child => {
  const ended = once(spawned, 'exit')
  const hasEnded = () => spawned.exitCode !== null || spawned.signalCode !== null
  const child: Child = {
    pid: spawned.pid as number,
    hasEnded,
    lastWords: () => readFileSync(plan.log, 'utf8').slice(-lastWordsCharsMax).trim(),
    stop: async () => {
      running.delete(child)
      if (hasEnded()) return
      spawned.kill(plan.stopSignal ?? 'SIGTERM')
      const timer = setTimeout(() => spawned.kill('SIGKILL'), stopMsMax)
      await ended
      clearTimeout(timer)
    },
  }
  return child
}

// No PG*, NODE_OPTIONS or the like, which would change one contestant and not another.
const baseEnvironment = () =>
  Object.fromEntries(
    ['PATH', 'HOME', 'TMPDIR', 'LANG'].flatMap((name) => {
      const value = process.env[name]
      return value === undefined ? [] : [[name, value]]
    }),
  )

const readyPollMs = 5

/** Waits until `isReady` says so; throws with the child's last words when it ends first or the time is over. */
export const waitUntilReady = async (
  name: string,
  children: readonly Child[],
  isReady: () => Promise<boolean>,
  limitMs: number,
): Promise<void> => {
  const deadline = performance.now() + limitMs
  while (!(await isReady())) {
    const ended = children.find((child) => child.hasEnded())
    const late = performance.now() > deadline
    if (ended !== undefined || late) {
      const words = (ended === undefined ? children : [ended]).map((child) => child.lastWords())
      throw new Error(
        `${name} ${late ? `was not ready after ${limitMs / 1000} s` : 'ended'}, saying:\n${words.join('\n')}`,
      )
    }
    await sleep(readyPollMs)
  }
}
