import type { ContestantName } from './contestant.ts'

/** One contestant's measurements in one round of one workload; times that could not be measured are missing. */
export interface RoundResult {
  readonly requestsPerSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
  /** Received for each request, heads included; 0 when it did not answer over HTTP. */
  readonly bytesPerRequest: number
  readonly failed: number
  /** CPU time for each request, in µs. */
  readonly serverMicros?: number
  readonly postgresMicros?: number
  /** Redis and NGINX. */
  readonly helperMicros?: number
  /** Of the server's processes, at the end of the round. */
  readonly rssBytes?: number
}

export interface ContestantResult {
  readonly name: ContestantName
  readonly rounds: readonly RoundResult[]
}

export interface WorkloadResult {
  readonly name: string
  readonly title: string
  readonly contestants: readonly ContestantResult[]
}

/** Latency at a fixed rate below the capacity, once. */
export interface RateRound {
  readonly requestsPerSecond: number
  /** What a closed load got just before, of which the rate is a share. */
  readonly capacity: number
  readonly p50Ms: number
  readonly p99Ms: number
  /** How late the generator was at the 99th percentile. */
  readonly lateP99Ms: number
  readonly failed: number
}

export interface RateWorkloadResult {
  readonly name: string
  readonly title: string
  readonly contestants: readonly {
    readonly name: ContestantName
    readonly rounds: readonly RateRound[]
  }[]
}

/** How one workload changes with the size of something. */
export interface GrowthResult {
  readonly name: string
  readonly title: string
  /** What grows. */
  readonly axis: string
  readonly lines: readonly {
    readonly title: string
    /** Whose line it is, when each is another contestant's. */
    readonly name?: ContestantName
    readonly points: readonly { readonly at: number; readonly rounds: readonly RoundResult[] }[]
  }[]
}

export interface Footprint {
  readonly firstAnswerMs: readonly number[]
  readonly idleRssBytes?: number
  /** With a full cache of the default size; missing when the catalogue is too small to fill it. */
  readonly fullCacheRssBytes?: number
  readonly bundleBytes: number
  readonly buildSeconds: readonly number[]
}

export interface Machine {
  readonly cpu: string
  readonly cores: number
  readonly memoryBytes: number
  readonly system: string
  /** Name and version of everything that took part. */
  readonly versions: Readonly<Record<string, string>>
  readonly postgresSettings: Readonly<Record<string, string>>
}

export interface BenchResult {
  readonly startedAt: string
  readonly minutes: number
  readonly command: string
  readonly commit: string
  readonly machine: Machine
  readonly products: number
  readonly rounds: number
  readonly seconds: number
  readonly connections: number
  readonly generator: string
  /** Who could not take part, and why. */
  readonly absent: Readonly<Partial<Record<ContestantName, string>>>
  readonly workloads: readonly WorkloadResult[]
  readonly rates: readonly RateWorkloadResult[]
  readonly growth: readonly GrowthResult[]
  readonly footprint?: Footprint
}
