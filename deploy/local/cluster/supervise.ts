import { setTimeout as sleep } from 'node:timers/promises'

/** RestartSec of the units in deploy/systemd. */
const restartPauseMs = 200
const revivalsMax = 10
const revivalsWithinMs = 30_000

/** A process that runs. */
export interface Running {
  readonly pid: number
  /** Settles when it has ended, wanted or not. */
  readonly ended: Promise<unknown>
  /** Ends it in order and in bounded time, in whatever state it is. */
  readonly stop: () => Promise<void>
}

export interface SupervisedPart<R extends Running> {
  /** What it is called in reports. */
  readonly name: string
  /** Starts the process; rejects when it does not come up. */
  readonly begin: () => Promise<R>
  /** Told of everything that happens without having been asked for. */
  readonly report: (line: string) => void
  /** Told when another process runs, or none. */
  readonly onChange: () => void
}

/** A part that is kept running, as systemd keeps a service with Restart=always. */
export interface Supervised<R extends Running> {
  /** Undefined between two processes, and while it is down. */
  readonly running: () => R | undefined
  /** Starts it unless it runs; from now on it is started again whenever it ends. Rejects when it does not come up. */
  readonly start: () => Promise<void>
  /** Ends it in order; it stays down. */
  readonly stop: () => Promise<void>
  /** It is not started again when it ends, until `start`. Resolves when a start that was under way is over. */
  readonly leave: () => Promise<void>
}

/**
 * Keeps a part running: when it ends it is started again after 200 ms, and given up when that has been needed ten times in 30 s,
 * which is told. What is asked for is done one after the other.
 */
export const supervise = <R extends Running>(part: SupervisedPart<R>): Supervised<R> => {
  const { name, begin, report, onChange } = part
  const mayRevive = createRevivalLimit()
  let running: R | undefined
  let isWanted = false
  let turn: Promise<unknown> = Promise.resolve()

  const inTurn = (work: () => Promise<void>) => {
    const done = turn.then(work)
    turn = done.catch(() => undefined)
    return done
  }
  const replace = (next: R | undefined) => {
    running = next
    onChange()
  }
  const ensure = async () => {
    if (running !== undefined) return
    const begun = await begin()
    replace(begun)
    void begun.ended.then(() => noteEnd(begun))
  }
  const noteEnd = (ended: R) => {
    if (running !== ended) return
    replace(undefined)
    report(`${name} (pid ${ended.pid}) has ended${isWanted ? ' and is started again' : ''}`)
    void inTurn(revive)
  }
  const revive = async () => {
    while (isWanted && running === undefined) {
      await sleep(restartPauseMs)
      if (!isWanted) return
      if (!mayRevive()) {
        isWanted = false
        return report(
          `${name} is given up: it has ended ${revivalsMax} times in ${revivalsWithinMs / 1000} s`,
        )
      }
      await ensure().then(
        () => report(`${name} runs again (pid ${running?.pid})`),
        (error: Error) => report(`${name} does not start: ${error.message}`),
      )
    }
  }

  return {
    running: () => running,
    start: () => {
      isWanted = true
      return inTurn(ensure)
    },
    stop: () => {
      isWanted = false
      return inTurn(async () => {
        const last = running
        running = undefined
        await last?.stop()
        if (last !== undefined) onChange()
      })
    },
    leave: () => {
      isWanted = false
      return inTurn(() => Promise.resolve())
    },
  }
}

/** True as long as it was not asked too often lately. */
const createRevivalLimit = () => {
  const revivedAt: number[] = []
  return () => {
    const nowMs = performance.now()
    while ((revivedAt[0] ?? nowMs) < nowMs - revivalsWithinMs) revivedAt.shift()
    revivedAt.push(nowMs)
    return revivedAt.length <= revivalsMax
  }
}
