import { setTimeout as sleep } from 'node:timers/promises'
import { type HttpConnection, openConnection } from '../bench/http-connection.ts'

/** One read; its latency counts from the moment it was due, so that a wait for its turn is part of it. */
export interface Read {
  readonly dueMs: number
  readonly latencyMs: number
  /** 0 when the connection broke before the answer. */
  readonly status: number
}

export interface ReadPlan {
  readonly origin: string
  readonly readsPerSecond: number
  readonly nextPath: () => string
}

/** A read that is due while all of them are busy waits for one. */
const connections = 64
const lastAnswersMsMax = 5_000

/** Reads at a steady rate, whether the answers before have come or not, until it is stopped. */
export class SteadyReads {
  readonly reads: Read[] = []
  readonly #plan: ReadPlan
  readonly #idle: HttpConnection[]
  readonly #all: readonly HttpConnection[]
  readonly #waiting: number[] = []
  readonly #sending: Promise<void>
  #sent = 0
  #isStopped = false

  private constructor(plan: ReadPlan, all: readonly HttpConnection[]) {
    this.#plan = plan
    this.#all = all
    this.#idle = [...all]
    this.#sending = this.#sendOnTime()
  }

  static async start(plan: ReadPlan): Promise<SteadyReads> {
    const all = Array.from({ length: connections }, () => openConnection(plan.origin))
    return new SteadyReads(plan, await Promise.all(all))
  }

  /** Waits for the last answers; a read that gets none within 5 s counts as a broken one. */
  async stop(): Promise<void> {
    this.#isStopped = true
    await this.#sending
    const deadline = performance.now() + lastAnswersMsMax
    while (this.reads.length < this.#sent && performance.now() < deadline) await sleep(1)
    for (const connection of this.#all) connection.close()
  }

  async #sendOnTime(): Promise<void> {
    const beginMs = performance.now()
    while (!this.#isStopped) {
      const dueMs = beginMs + (this.#sent * 1000) / this.#plan.readsPerSecond
      if (performance.now() < dueMs) await sleep(dueMs - performance.now())
      this.#sent++
      // The one that was idle longest: a server closes connections that are never used.
      const connection = this.#idle.shift()
      if (connection === undefined) this.#waiting.push(dueMs)
      else this.#send(connection, dueMs)
    }
  }

  #send(connection: HttpConnection, dueMs: number): void {
    const { host } = new URL(this.#plan.origin)
    connection.ask(`GET ${this.#plan.nextPath()} HTTP/1.1\r\nHost: ${host}\r\n\r\n`, (status) => {
      this.reads.push({ dueMs, latencyMs: performance.now() - dueMs, status })
      const next = this.#waiting.shift()
      if (next === undefined) this.#idle.push(connection)
      else this.#send(connection, next)
    })
  }
}
