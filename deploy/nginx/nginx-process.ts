import { spawn } from 'node:child_process'
import { constants } from 'node:fs'
import { access } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { signalProcess, waitForEnd } from '../local/processes.ts'
import { writeNginxConfig } from './render.ts'
import type { NginxSettings } from './settings.ts'

const startMsMax = 10_000
const answerMsMax = 1_000
const pollMs = 20
/** Above the worker_shutdown_timeout of nginx.conf. */
const stopMsMax = 12_000

/** A running NGINX; its master process is a child of ours. */
export interface NginxProcess {
  readonly pid: number
  /** Where the operations endpoints are answered. */
  readonly operationsUrl: string
  /** Resolves when it has ended, however it came to that. */
  readonly ended: Promise<void>
  /** Applies other settings without losing a request; what they leave as it was goes on. */
  reload(settings: NginxSettings): Promise<void>
  /** Answers what is under way, then ends; at once with `fast`. */
  stop(how?: 'orderly' | 'fast'): Promise<void>
}

/**
 * Starts NGINX with a configuration written into `folder`, and resolves when it answers. Throws with what NGINX said
 * when it does not.
 */
export async function startNginx(settings: NginxSettings, folder: string): Promise<NginxProcess> {
  const program = await findNginx()
  if (program === undefined) throw new Error('nginx is not installed: apt-get install nginx-light')
  const config = await writeNginxConfig(settings, folder)
  // -e: before it has read where errors go, NGINX would write to a file that only root may open.
  const child = spawn(program, ['-e', 'stderr', '-c', config, '-g', 'daemon off;'], {
    stdio: ['ignore', 'ignore', 'pipe'],
    // Ctrl-C in the terminal is for us; we stop it in order.
    detached: true,
  })
  let said = ''
  child.stderr
    .setEncoding('utf8')
    .on('data', (chunk: string) => (said = (said + chunk).slice(-4096)))
  // Not 'close': the workers of a killed master go on, and hold its standard error open.
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const { pid } = child
  const operationsUrl = `http://${settings.operationsListen}`
  const lives = () => child.exitCode === null && child.signalCode === null
  const answers = pid !== undefined && (await untilAnswers(operationsUrl, lives))
  if (!answers) {
    if (pid !== undefined) killGroup(pid)
    throw new Error(`nginx did not start with ${config}: ${said.trim()}`)
  }
  return {
    pid,
    operationsUrl,
    ended,
    reload: async (changed) => {
      await writeNginxConfig(changed, folder)
      signalProcess(pid, 'SIGHUP')
    },
    stop: async (how = 'orderly') => {
      signalProcess(pid, how === 'orderly' ? 'SIGQUIT' : 'SIGTERM')
      if (!(await waitForEnd(pid, stopMsMax))) killGroup(pid)
      await ended
    },
  }
}

/** Where nginx is: on the PATH, or where Debian puts it, which is not on every user's PATH. */
export async function findNginx(): Promise<string | undefined> {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin']
  for (const folder of folders.filter(Boolean)) {
    const program = join(folder, 'nginx')
    const found = await access(program, constants.X_OK).then(
      () => true,
      () => false,
    )
    if (found) return program
  }
  return undefined
}

async function untilAnswers(operationsUrl: string, lives: () => boolean): Promise<boolean> {
  const deadline = Date.now() + startMsMax
  while (lives() && Date.now() < deadline) {
    if (await isAnswered(`${operationsUrl}/nginx-status`)) return true
    await sleep(pollMs)
  }
  return false
}

async function isAnswered(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(answerMsMax) })
    await response.arrayBuffer()
    return response.ok
  } catch {
    return false
  }
}

/** The workers of a killed master go on and hold the port. */
function killGroup(master: number): void {
  signalProcess(-master, 'SIGKILL')
}
