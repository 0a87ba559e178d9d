import type { Traffic } from './traffic.ts'

/** A closed-loop load: each connection sends its next request when it has its answer. */
export interface LoadPlan {
  /** Scheme, host and port. */
  readonly origin: string
  readonly traffic: Traffic
  /** The place in the traffic to begin at. */
  readonly start: number
  readonly seconds: number
  readonly connections: number
  /** For the generator's files. */
  readonly directory: string
}

export interface LoadResult {
  readonly requests: number
  readonly seconds: number
  /** All bytes received, heads included. */
  readonly bytes: number
  readonly p50Ms: number
  readonly p99Ms: number
  /** Answers of status 400 and above, broken connections and timeouts. */
  readonly failed: number
}

/** A program that makes load, with the words that the output says it with. */
export interface Generator {
  readonly name: string
  readonly run: (this: void, plan: LoadPlan) => Promise<LoadResult>
}
