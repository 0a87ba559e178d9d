import type pg from 'pg'

/**
 * The connections of one load: work waits its turn for one of them, in the order in which it became ready. Once
 * `signal` aborts, no more work begins.
 */
export class LoadConnections {
  /** How long connections were busy with each phase. Phases overlap: the sum is more than has passed. */
  readonly busySeconds: Record<string, number> = {}
  readonly #pool: pg.Pool
  readonly #signal: AbortSignal | undefined

  constructor(pool: pg.Pool, signal?: AbortSignal) {
    this.#pool = pool
    this.#signal = signal
  }

  async run<T>(phase: string, work: (client: pg.ClientBase) => Promise<T>): Promise<T> {
    const client = await this.#pool.connect()
    const startedMs = performance.now()
    try {
      this.#signal?.throwIfAborted()
      const result = await work(client)
      client.release()
      return result
    } catch (error) {
      // In the middle of a COPY the connection is of no use to anybody.
      client.release(true)
      throw error
    } finally {
      this.#count(phase, performance.now() - startedMs)
    }
  }

  #count(phase: string, ms: number): void {
    const seconds = (this.busySeconds[phase] ?? 0) + ms / 1000
    this.busySeconds[phase] = Math.round(seconds * 1000) / 1000
  }
}
