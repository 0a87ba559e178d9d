import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { findFreePort } from '../../deploy/local/free-port.ts'

const startMsMax = 20_000
const pollMs = 20

/** The server as a process of its own, to be killed, stopped and started again at the same address. */
export class InstanceProcess {
  readonly address: string
  readonly #server: string
  readonly #databaseUrl: string
  #child: ChildProcess | undefined

  private constructor(server: string, databaseUrl: string, port: number) {
    this.#server = server
    this.#databaseUrl = databaseUrl
    this.address = `127.0.0.1:${port}`
  }

  /** Starts a bundled server over a database that has a published release, and waits until it is ready. */
  static async start(server: string, databaseUrl: string): Promise<InstanceProcess> {
    const instance = new InstanceProcess(server, databaseUrl, await findFreePort())
    await instance.restart()
    return instance
  }

  get url(): string {
    return `http://${this.address}`
  }

  /** Starts it again after its end, and waits until it is ready. */
  async restart(): Promise<void> {
    const [, port = ''] = this.address.split(':')
    this.#child = spawn(process.execPath, [this.#server], {
      env: {
        ...process.env,
        DATABASE_URL: this.#databaseUrl,
        PORT: port,
        DRAIN_NOTICE_MS: '200',
        LOG_LEVEL: 'error',
      },
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    const deadline = Date.now() + startMsMax
    while (!(await this.#isReady())) {
      if (Date.now() > deadline) throw new Error(`no answer from ${this.url} in ${startMsMax} ms`)
      await sleep(pollMs)
    }
  }

  signal(signal: NodeJS.Signals): void {
    this.#child?.kill(signal)
  }

  /** Sends a signal that ends it, and waits for the end. */
  async end(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const child = this.#child
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    const ended = once(child, 'exit')
    child.kill(signal)
    await ended
  }

  async #isReady(): Promise<boolean> {
    const response = await fetch(`${this.url}/readyz`).catch(() => undefined)
    await response?.arrayBuffer()
    return response?.status === 200
  }
}
