import { Agent, request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'

/** One request of a load: 0 is no answer at all. */
export interface Outcome {
  readonly target: string
  readonly status: number
  readonly release: number
  readonly body: string
  /** When it was due, and how long after that its answer was complete. */
  readonly dueMs: number
  readonly tookMs: number
}

/**
 * Sends requests at a steady rate, each when it is due and not when the one before was answered, until it is told to
 * stop; then waits for the last answers. Connections are kept alive unless each request is to have its own.
 */
export function startLoad(
  origin: string,
  perSecond: number,
  nextTarget: () => string,
  { keepAlive = true } = {},
) {
  const agent = new Agent({ keepAlive, maxSockets: 200 })
  const over = new AbortController()
  const outcomes: Promise<Outcome>[] = []
  const startMs = performance.now()
  const sender = (async () => {
    for (let sent = 0; !over.signal.aborted; sent += 1) {
      const dueMs = startMs + (sent * 1000) / perSecond
      await sleep(Math.max(0, dueMs - performance.now()))
      outcomes.push(send(agent, origin, nextTarget(), dueMs))
    }
  })()
  return {
    /** Ends the load and gives every outcome. */
    stop: async (): Promise<Outcome[]> => {
      over.abort()
      await sender
      const all = await Promise.all(outcomes)
      agent.destroy()
      return all
    },
  }
}

function send(agent: Agent, origin: string, target: string, dueMs: number): Promise<Outcome> {
  return new Promise((resolve) => {
    let body = ''
    const end = (status: number, release: number) =>
      resolve({ target, status, release, body, dueMs, tookMs: performance.now() - dueMs })
    const sent = request(`${origin}${target}`, { agent }, (response) => {
      response.setEncoding('utf8').on('data', (part: string) => (body += part))
      response.on('end', () =>
        end(response.statusCode ?? 0, Number(response.headers['x-catalog-release'] ?? 0)),
      )
      response.on('error', () => end(0, 0))
    })
    sent.on('error', () => end(0, 0))
    sent.end()
  })
}
