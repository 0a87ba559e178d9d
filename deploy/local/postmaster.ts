import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { commandLine, isRunning, signalFamily, signalProcess, waitForEnd } from './processes.ts'

const fastStopMsMax = 30_000
const immediateStopMsMax = 5_000

/** What PostgreSQL writes into postmaster.pid about the server that holds a data folder. */
export interface Postmaster {
  readonly pid: number
  /** True once it accepts connections. */
  readonly ready: boolean
}

/** The server that the data folder says holds it, or undefined; the file may be stale. */
export const readPostmaster = async (dataDir: string): Promise<Postmaster | undefined> => {
  const text = await readFile(pidFile(dataDir), 'utf8').catch(() => undefined)
  const lines = text?.split('\n') ?? []
  const pid = Number(lines[0])
  // The eighth line is the state, padded with blanks; pg_ctl waits for the same word.
  return pid > 0 ? { pid, ready: lines[7]?.trim() === 'ready' } : undefined
}

/**
 * Ends what a former start left behind: a server that still runs on this data folder is stopped; a stale pid file whose
 * number now belongs to another program, over which PostgreSQL would refuse to start, is removed. Call it only
 * while nobody else can be using the folder.
 */
export const endOrphan = async (dataDir: string) => {
  const postmaster = await readPostmaster(dataDir)
  if (postmaster === undefined || !(await isRunning(postmaster.pid))) return
  const isOurs = (await commandLine(postmaster.pid)).includes(dataDir)
  if (isOurs) await stopPostmaster(postmaster.pid)
  else await rm(pidFile(dataDir), { force: true })
}

/**
 * Stops a server: rolls open transactions back and writes a checkpoint; harder when that takes longer than 30 s, after
 * which the next start recovers from the log. Nothing that was committed is lost either way. A frozen one is thawed.
 */
export const stopPostmaster = async (pid: number) => {
  // Frozen it hears nothing, and children that stay frozen hold the shared memory, over which the next start fails.
  await signalFamily(pid, 'SIGCONT')
  signalProcess(pid, 'SIGINT')
  if (await waitForEnd(pid, fastStopMsMax)) return
  signalProcess(pid, 'SIGQUIT')
  if (await waitForEnd(pid, immediateStopMsMax)) return
  signalProcess(pid, 'SIGKILL')
  await waitForEnd(pid, immediateStopMsMax)
}

const pidFile = (dataDir: string) => join(dataDir, 'postmaster.pid')
