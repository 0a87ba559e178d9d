import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { get } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { bundleServer } from './bundle-server.ts'
import { LocalError } from './local-error.ts'

const readyMsMax = 30_000
const readyPollMs = 10
const answerMsMax = 2_000
const stopMsMax = 15_000

export interface ServerFiles {
  /** The folder of server.ts. */
  readonly root: string
  /** Where its bundle is put. */
  readonly bundle: string
}

export interface ServeOptions {
  /** What the server gets besides our own environment. */
  readonly env: NodeJS.ProcessEnv
  /** Where it will answer, without a slash at the end. */
  readonly url: string
  readonly signal: AbortSignal
}

export interface ServerProcess {
  /** Starts it and waits until it is ready; throws when it ends before or is not ready within 30 s. */
  readonly serve: (options: ServeOptions) => Promise<void>
  /** Rejects when it has ended without having been stopped, saying how. */
  readonly lost: Promise<never>
  /** Drains it, within 15 s. */
  readonly stop: () => Promise<void>
}

/** The server from source, in a process of its own that logs where we do; its bundle is made at once, while the database starts. */
export const prepareServer = ({ root, bundle }: ServerFiles): ServerProcess => {
  const bundled = bundleServer(root, bundle)
  let child: ChildProcess | undefined
  let stopped = false
  let reportLoss: (error: Error) => void
  const lost = new Promise<never>((_, reject) => (reportLoss = reject))
  // Both are waited for only when it is to serve.
  for (const promise of [bundled, lost]) promise.catch(() => undefined)
  return {
    serve: async ({ env, url, signal }) => {
      await bundled
      signal.throwIfAborted()
      child = spawnServer(bundle, env)
      child.on('error', reportLoss)
      child.once('exit', (code, how) => {
        if (!stopped) reportLoss(new LocalError(`the server has ended (${how ?? `code ${code}`})`))
      })
      await Promise.race([waitUntilReady(url, signal), lost])
    },
    lost,
    stop: async () => {
      stopped = true
      await bundled.catch(() => undefined)
      if (child !== undefined) await stopServer(child)
    },
  }
}

const spawnServer = (bundle: string, env: NodeJS.ProcessEnv) =>
  spawn(process.execPath, ['--enable-source-maps', bundle], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    // Ctrl-C in the terminal is for us, who drain it before the database stops.
    detached: true,
  })

/** Resolves when /readyz answers 200; throws, with `hint` where to look, when that takes more than 30 s. */
export const waitUntilReady = async (url: string, signal: AbortSignal, hint = 'see above') => {
  const deadline = Date.now() + readyMsMax
  while (!(await isReady(url))) {
    signal.throwIfAborted()
    if (Date.now() > deadline)
      throw new LocalError(
        `expected ${url}/readyz to answer 200 within ${readyMsMax / 1000} s: ${hint}`,
      )
    await sleep(readyPollMs)
  }
}

// Not fetch, which takes 50 ms to load.
const isReady = (url: string) =>
  new Promise<boolean>((resolve) => {
    const request = get(`${url}/readyz`, { timeout: answerMsMax, agent: false }, (response) => {
      response.resume()
      resolve(response.statusCode === 200)
    })
    request.on('timeout', () => request.destroy()).on('error', () => resolve(false))
  })

const stopServer = async (child: ChildProcess) => {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exit = once(child, 'exit')
  child.kill('SIGTERM')
  const kill = setTimeout(() => child.kill('SIGKILL'), stopMsMax)
  await exit
  clearTimeout(kill)
}
