import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { get } from 'node:http'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { LocalError } from './local-error.ts'

const readyMsMax = 30_000
const readyPollMs = 10
const stopMsMax = 15_000

export interface ServeOptions {
  /** What the server gets besides our own environment. */
  readonly env: NodeJS.ProcessEnv
  /** Where it will answer, without a slash at the end. */
  readonly url: string
  readonly signal: AbortSignal
}

export interface ServerProcess {
  /** Lets it serve and waits until it is ready; throws when it ends before or is not ready within 30 s. */
  readonly serve: (options: ServeOptions) => Promise<void>
  /** Rejects when it has ended without having been stopped, saying how. */
  readonly lost: Promise<never>
  /** Drains it, within 15 s. */
  readonly stop: () => Promise<void>
}

/**
 * Boots the server of the folder `root` from source, in a process of its own that logs where we do. It begins to serve
 * when it is told to: by then its modules are loaded, which takes half a second.
 */
export const bootServer = (root: string): ServerProcess => {
  const child = spawn(process.execPath, nodeArguments(root), {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    // Ctrl-C in the terminal is for us, who drain it before the database stops.
    detached: true,
  })
  let stopped = false
  const lost = new Promise<never>((_, reject) => {
    child.on('error', reject)
    child.once('exit', (code, signal) => {
      if (!stopped) reject(new LocalError(`the server has ended (${signal ?? `code ${code}`})`))
    })
  })
  // Asked for only while it serves.
  lost.catch(() => undefined)
  return {
    serve: async (options) => {
      child.send(options.env)
      await Promise.race([waitUntilReady(options), lost])
    },
    lost,
    stop: () => {
      stopped = true
      return stop(child)
    },
  }
}

const nodeArguments = (root: string) => {
  const preloaded = [
    'tsx',
    pathToFileURL(join(root, 'app.ts')).href,
    new URL('wait-for-parent.ts', import.meta.url).href,
  ]
  return [...preloaded.map((module) => `--import=${module}`), 'server.ts']
}

const waitUntilReady = async ({ url, signal }: ServeOptions) => {
  const deadline = Date.now() + readyMsMax
  while (!(await isReady(url))) {
    signal.throwIfAborted()
    if (Date.now() > deadline)
      throw new LocalError(`expected ${url}/readyz to answer 200 within ${readyMsMax / 1000} s`)
    await sleep(readyPollMs)
  }
}

// Not fetch, which takes 50 ms to load.
const isReady = (url: string) =>
  new Promise<boolean>((resolve) => {
    get(`${url}/readyz`, { timeout: readyMsMax, agent: false }, (response) => {
      response.resume()
      resolve(response.statusCode === 200)
    }).on('error', () => resolve(false))
  })

const stop = async (child: ChildProcess) => {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exit = once(child, 'exit')
  child.kill('SIGTERM')
  const kill = setTimeout(() => child.kill('SIGKILL'), stopMsMax)
  await exit
  clearTimeout(kill)
}
