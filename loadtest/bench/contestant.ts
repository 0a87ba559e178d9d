import type { LoadPlan, LoadResult } from './load.ts'
import type { Stage } from './stage.ts'
import type { Workload } from './workloads.ts'

export type ContestantName =
  | 'product-overview'
  | 'behind-nginx'
  | 'design-1'
  | 'design-2'
  | 'fastify-postgres'
  | 'postgres-js'
  | 'node-constant'
  | 'nginx-static'
  | 'pgbench'

/** Somebody who does the work of a workload, and is measured while doing it. */
export interface Contestant {
  readonly title: string
  /** What it answers otherwise than the contract says, known and left as it is. */
  readonly faults: readonly Fault[]
  /** Why it cannot run on this machine, or undefined. */
  readonly missing: () => Promise<string | undefined>
  /** Starts it anew, with its caches filled or off as the workload wants. */
  readonly start: (stage: Stage, workload: Workload) => Promise<Running>
}

/** A departure from the contract, and the check that it excuses. */
export interface Fault {
  readonly excuses: 'photos' | 'unknown ids' | 'gaps' | 'content type'
  readonly says: string
}

/** A contestant at work. */
export interface Running {
  readonly origin: string
  /** The roots of the processes that answer: the column of the server's CPU time. */
  readonly serverPids: readonly number[]
  /** The roots of what they need besides PostgreSQL: Redis, NGINX. */
  readonly helperPids: readonly number[]
  /** True when asking for a product makes later answers for it faster. */
  readonly fillsByAsking: boolean
  /** A load of its own instead of HTTP requests. */
  readonly load?: (plan: LoadPlan) => Promise<LoadResult>
  readonly stop: (this: void) => Promise<void>
}
