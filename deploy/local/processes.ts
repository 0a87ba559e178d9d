import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'

const pollMs = 20

/** Whether a process of this id runs; one that has ended but was not yet reaped does not. */
export const isRunning = async (pid: number) => isKnown(pid) && (await commandLine(pid)) !== ''

/** The command line of a process, its words divided by blanks; empty when there is no such process. */
export const commandLine = async (pid: number): Promise<string> => {
  // Slim containers have no ps, and macOS no /proc.
  const fromProc = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => undefined)
  if (fromProc !== undefined) return fromProc.replaceAll('\0', ' ').trim()
  const ps = await promisify(execFile)('ps', ['-p', `${pid}`, '-o', 'args=']).catch(() => undefined)
  return ps?.stdout.trim() ?? ''
}

/** The processes that a process started and that still run. */
export const childrenOf = async (pid: number): Promise<number[]> => {
  const fromProc = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(
    () => undefined,
  )
  if (fromProc !== undefined) return fromProc.trim().split(' ').filter(Boolean).map(Number)
  const pgrep = await promisify(execFile)('pgrep', ['-P', `${pid}`]).catch(() => undefined)
  return pgrep?.stdout.trim().split('\n').map(Number) ?? []
}

/** Sends a signal; a process that has ended already is no error. */
export const signalProcess = (pid: number, signal: NodeJS.Signals) => {
  try {
    process.kill(pid, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

/** Sends a signal to a process and to those that it started. */
export const signalFamily = async (pid: number, signal: NodeJS.Signals) => {
  for (const member of [pid, ...(await childrenOf(pid))]) signalProcess(member, signal)
}

/** Waits until the process has ended; false when it still lives after `limitMs`. */
export const waitForEnd = async (pid: number, limitMs: number) => {
  const deadline = Date.now() + limitMs
  while (await isRunning(pid)) {
    if (Date.now() > deadline) return false
    await sleep(pollMs)
  }
  return true
}

const isKnown = (pid: number) => {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
