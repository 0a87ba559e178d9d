import type { K6Record, Moment } from './k6-record.ts'

export type Value = number | null

/** What happened over time, one value a period; null where nothing was measured in it. */
export interface Series {
  readonly periodS: number
  /** The end of each period, in ms since 1970. */
  readonly atMs: readonly number[]
  readonly rps: readonly Value[]
  readonly receivedBytesPerS: readonly Value[]
  readonly failedShare: readonly Value[]
  readonly droppedPerS: readonly Value[]
  readonly users: readonly Value[]
  readonly p50Ms: readonly Value[]
  readonly p95Ms: readonly Value[]
  readonly p99Ms: readonly Value[]
  readonly maxMs: readonly Value[]
  /** Replies a second by the cache that answered, and by status. */
  readonly byCache: Readonly<Record<string, readonly Value[]>>
  readonly byStatus: Readonly<Record<string, readonly Value[]>>
}

export function seriesOf({ periodS, snapshots }: K6Record): Series {
  const column = (metric: string, aggregate: string) =>
    snapshots.map(({ of }) => of[metric]?.[aggregate] ?? null)
  const latency = (aggregate: string) => column('http_req_duration', aggregate)
  return {
    periodS,
    atMs: snapshots.map(({ atMs }) => atMs),
    rps: column('http_reqs', 'rate').map((value) => value ?? 0),
    receivedBytesPerS: column('data_received', 'rate').map((value) => value ?? 0),
    failedShare: column('http_req_failed', 'rate'),
    droppedPerS: column('dropped_iterations', 'rate').map((value) => value ?? 0),
    users: column('vus', 'value'),
    p50Ms: latency('med'),
    p95Ms: latency('p(95)'),
    p99Ms: latency('p(99)'),
    maxMs: latency('max'),
    byCache: ratesByTag(snapshots, 'cache'),
    byStatus: ratesByTag(snapshots, 'answer'),
  }
}

/** The replies of one cache state over the whole run. */
export interface CacheTotal {
  readonly state: string
  readonly replies: number
  readonly p50Ms: number
  readonly p95Ms: number
  readonly p99Ms: number
}

/** Splits the whole run by the cache that answered, the busiest first. */
export function cacheTotalsOf({ total }: K6Record): CacheTotal[] {
  if (total === undefined) return []
  return tagValues([total], 'cache')
    .map((state) => {
      const latency = total.of[`reply_ms{cache:${state}}`]
      return {
        state,
        replies: total.of[`replies{cache:${state}}`]?.['count'] ?? 0,
        p50Ms: latency?.['med'] ?? 0,
        p95Ms: latency?.['p(95)'] ?? 0,
        p99Ms: latency?.['p(99)'] ?? 0,
      }
    })
    .toSorted((a, b) => b.replies - a.replies)
}

function ratesByTag(snapshots: readonly Moment[], tag: string): Record<string, Value[]> {
  return Object.fromEntries(
    tagValues(snapshots, tag).map((value) => [
      value,
      snapshots.map(({ of }) => of[`replies{${tag}:${value}}`]?.['rate'] ?? 0),
    ]),
  )
}

function tagValues(moments: readonly Moment[], tag: string): string[] {
  const prefix = `replies{${tag}:`
  const names = moments.flatMap(({ of }) => Object.keys(of))
  const tagged = new Set(names.filter((name) => name.startsWith(prefix)))
  return [...tagged].map((name) => name.slice(prefix.length, -1)).toSorted()
}
