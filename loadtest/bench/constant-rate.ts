import { setImmediate, setTimeout as sleep } from 'node:timers/promises'
import { type HttpConnection, openConnection } from './http-connection.ts'
import { quantile } from './statistics.ts'
import { type Traffic, requestBytes, requestsFrom } from './traffic.ts'

/** An open-loop load: requests are due at fixed times, whether the answers before them have come or not. */
export interface RatePlan {
  readonly origin: string
  readonly traffic: Traffic
  /** The place in the traffic to begin at. */
  readonly start: number
  readonly seconds: number
  readonly requestsPerSecond: number
  /** A request that is due while all connections are busy waits for one, and its waiting counts. */
  readonly connections: number
}

export interface RateResult {
  readonly requestsPerSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
  /** Answers of status 400 and above, broken connections, and requests without an answer 5 s after the end. */
  readonly failed: number
  /** The generator's own delay at the 99th percentile, which the latencies contain. */
  readonly lateP99Ms: number
}

// Timers of Node have a resolution of 1 ms, so the requests of a millisecond are due together, at its beginning:
// harder for a server than an even pattern, and latencies can be told from it without guessing.
const groupMs = 1
const drainMsMax = 5_000

/** Sends the requests and measures each from the moment it was due, not from the moment it could be sent. */
export const runConstantRate = async (plan: RatePlan): Promise<RateResult> => {
  const connections = await Promise.all(
    Array.from({ length: plan.connections }, () => openConnection(plan.origin)),
  )
  const journal = openJournal()
  try {
    const planned = await sendOnTime(plan, dispatcher(connections, journal.note))
    await journal.waitFor(planned, drainMsMax)
    return { ...journal.summary(planned), requestsPerSecond: plan.requestsPerSecond }
  } finally {
    for (const connection of connections) connection.close()
  }
}

interface DueRequest {
  readonly bytes: string
  readonly dueMs: number
}

interface Answer {
  readonly status: number
  readonly latencyMs: number
  readonly lateMs: number
}

type Send = (request: DueRequest) => void

// Returns how many requests it sent.
const sendOnTime = async (plan: RatePlan, send: Send) => {
  const { host } = new URL(plan.origin)
  const next = requestsFrom(plan.traffic, plan.start)
  const beginMs = performance.now()
  const groups = (plan.seconds * 1000) / groupMs
  let planned = 0
  for (let group = 0; group < groups; group++) {
    const dueMs = beginMs + group * groupMs
    // Also when it is late it lets answers in, or it would send on without seeing which connections are idle.
    await (performance.now() < dueMs ? sleep(groupMs) : setImmediate())
    const dueByNow = Math.floor(((group + 1) * groupMs * plan.requestsPerSecond) / 1000)
    for (; planned < dueByNow; planned++) send({ bytes: requestBytes(next(), host), dueMs })
  }
  return planned
}

/** Gives each request to an idle connection, or keeps it until one is idle. */
const dispatcher = (connections: HttpConnection[], note: (answer: Answer) => void): Send => {
  const idle = [...connections]
  const waiting: DueRequest[] = []
  let served = 0
  const send = (connection: HttpConnection, { bytes, dueMs }: DueRequest, lateMs: number) =>
    connection.ask(bytes, (status) => {
      note({ status, latencyMs: performance.now() - dueMs, lateMs })
      const next = waiting[served]
      if (next === undefined) idle.push(connection)
      else {
        served++
        // It waited for the server, not for us.
        send(connection, next, 0)
      }
    })
  return (request) => {
    const connection = idle.pop()
    if (connection === undefined) waiting.push(request)
    else send(connection, request, performance.now() - request.dueMs)
  }
}

const openJournal = () => {
  const latencies: number[] = []
  const lateness: number[] = []
  let failed = 0
  return {
    note: ({ status, latencyMs, lateMs }: Answer) => {
      latencies.push(latencyMs)
      lateness.push(lateMs)
      if (status === 0 || status >= 400) failed++
    },
    waitFor: async (planned: number, limitMs: number) => {
      const deadline = performance.now() + limitMs
      while (latencies.length < planned && performance.now() < deadline) await sleep(groupMs)
    },
    summary: (planned: number) => {
      const ascending = Float64Array.from(latencies).toSorted()
      return {
        p50Ms: quantile(ascending, 0.5),
        p99Ms: quantile(ascending, 0.99),
        lateP99Ms: quantile(Float64Array.from(lateness).toSorted(), 0.99),
        failed: failed + planned - latencies.length,
      }
    },
  }
}
