import { signalFamily, signalProcess } from '../processes.ts'
import { type Running, supervise } from './supervise.ts'

/** A process of the cluster, to be looked at and broken. */
export interface ClusterPart {
  readonly name: string
  /** Where it answers, whichever process runs. */
  readonly url: string
  /** Of the process that runs, or ran last. */
  readonly pid: () => number
  readonly isRunning: () => boolean
  /** `kill -9`, frozen or not; it comes back by itself unless it is to stay down. Resolves when it has ended. */
  readonly kill: (options?: { readonly staysDown?: boolean }) => Promise<void>
  /** Stops its processes in mid-air: connections are still accepted, nothing is answered. */
  readonly freeze: () => Promise<void>
  readonly thaw: () => Promise<void>
  /** Ends it in order; it stays down. */
  readonly stop: () => Promise<void>
  /** Starts it, after a stop or when it was to stay down. */
  readonly start: () => Promise<void>
  /** Replaces its process in order. */
  readonly restart: () => Promise<void>
}

export interface PartOptions {
  readonly name: string
  readonly url: string
  readonly begin: () => Promise<Running>
  /** Resolves when a started process can do its work; those that have nothing to add are ready when they have begun. */
  readonly ready?: () => Promise<void>
}

/** Told of what happens in the cluster. */
export interface ClusterObserver {
  readonly report: (line: string) => void
  readonly onChange: () => void
}

/** A part with its supervisor; nothing runs before `start`. */
export const createPart = (options: PartOptions, observer: ClusterObserver): ClusterPart => {
  const { name, url, begin, ready = () => Promise.resolve() } = options
  let pid = 0
  const supervised = supervise({
    name,
    begin: async () => {
      const begun = await begin()
      pid = begun.pid
      return begun
    },
    ...observer,
  })
  const signalAll = (signal: NodeJS.Signals) => signalFamily(pid, signal)
  const start = async () => {
    await supervised.start()
    await ready()
  }
  return {
    name,
    url,
    pid: () => pid,
    isRunning: () => supervised.running() !== undefined,
    kill: async ({ staysDown = false } = {}) => {
      // What is just being started is to stay down as well.
      if (staysDown) await supervised.leave()
      const running = supervised.running()
      if (running === undefined) return
      // Its children end by themselves when it has; frozen they could not.
      await signalAll('SIGCONT')
      signalProcess(running.pid, 'SIGKILL')
      await running.ended
    },
    freeze: () => signalAll('SIGSTOP'),
    thaw: () => signalAll('SIGCONT'),
    stop: async () => {
      if (supervised.running() !== undefined) await signalAll('SIGCONT')
      await supervised.stop()
    },
    start,
    restart: async () => {
      await supervised.stop()
      await start()
    },
  }
}
