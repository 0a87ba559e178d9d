import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { LocalError } from './local-error.ts'

const readyMsMax = 30_000
const readyPollMs = 20
const stopMsMax = 15_000

export interface ServerOptions {
  /** The folder of server.ts. */
  readonly root: string
  readonly env: NodeJS.ProcessEnv
  /** Where it will answer, without a slash at the end. */
  readonly url: string
  readonly signal?: AbortSignal | undefined
}

export interface ServerProcess {
  readonly pid: number
  /** Rejects when it has ended without having been stopped, saying how. */
  readonly lost: Promise<never>
  /** Drains it, within 15 s. */
  readonly stop: () => Promise<void>
}

/**
 * Starts server.ts from source in a process of its own and waits until it is ready; throws when it ends before or is not
 * ready within 30 s. What it logs goes where our output goes.
 */
export const startServer = async (options: ServerOptions): Promise<ServerProcess> => {
  const child = spawn(process.execPath, nodeArguments, {
    cwd: options.root,
    env: options.env,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    // Ctrl-C in the terminal is for us, who drain it before the database stops.
    detached: true,
  })
  await once(child, 'spawn')
  let stopped = false
  const stopChild = () => {
    stopped = true
    return stop(child)
  }
  const lost = new Promise<never>((_, reject) => {
    child.once('exit', (code, signal) => {
      if (!stopped) reject(new LocalError(`the server has ended (${signal ?? `code ${code}`})`))
    })
  })
  lost.catch(() => undefined)
  try {
    await waitUntilReady(child, options)
    return { pid: child.pid as number, lost, stop: stopChild }
  } catch (error) {
    await stopChild()
    throw error
  }
}

const nodeArguments = [
  '--import',
  'tsx',
  '--import',
  new URL('leave-with-parent.ts', import.meta.url).href,
  'server.ts',
]

const waitUntilReady = async (child: ChildProcess, { url, signal }: ServerOptions) => {
  const deadline = Date.now() + readyMsMax
  while (!(await isReady(url))) {
    signal?.throwIfAborted()
    if (hasEnded(child))
      throw new LocalError('the server ended before it was ready: see its log above')
    if (Date.now() > deadline)
      throw new LocalError(`expected ${url}/readyz to answer 200 within ${readyMsMax / 1000} s`)
    await sleep(readyPollMs)
  }
}

const isReady = (url: string) =>
  fetch(`${url}/readyz`, { signal: AbortSignal.timeout(readyMsMax) }).then(
    (response) => response.ok,
    () => false,
  )

const stop = async (child: ChildProcess) => {
  if (hasEnded(child)) return
  const exit = once(child, 'exit')
  child.kill('SIGTERM')
  const kill = setTimeout(() => child.kill('SIGKILL'), stopMsMax)
  await exit
  clearTimeout(kill)
}

const hasEnded = ({ exitCode, signalCode }: ChildProcess) =>
  exitCode !== null || signalCode !== null
