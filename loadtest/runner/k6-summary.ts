/** One promise of a scenario, and whether it was kept. */
export interface Verdict {
  readonly metric: string
  /** As the threshold says it: "p(99)<250". */
  readonly promise: string
  readonly kept: boolean
  readonly value: number | undefined
  /** False when nothing was measured: k6 takes such a promise for kept. */
  readonly measured: boolean
}

export interface Latency {
  readonly p50Ms: number
  readonly p95Ms: number
  readonly p99Ms: number
  readonly p999Ms: number
  readonly maxMs: number
}

export interface K6Summary {
  readonly requests: number
  readonly failed: number
  readonly dropped: number
  readonly checksPassed: number
  readonly checksFailed: number
  readonly latency: Latency
  /** Of the tags that thresholds name: "name:list", "phase:spike", "scenario:at_400". */
  readonly latencyByTag: Readonly<Record<string, Latency>>
  readonly verdicts: readonly Verdict[]
}

type Metric = Record<string, number> & { thresholds?: Record<string, boolean> }

/** Reads the JSON that k6 writes at the end of a run (--summary-export). */
export function parseSummary(text: string): K6Summary {
  const { metrics } = JSON.parse(text) as { metrics: Record<string, Metric> }
  const number = (metric: string, field: string) => metrics[metric]?.[field] ?? 0
  return {
    requests: number('http_reqs', 'count'),
    // A rate counts what is true: for http_req_failed these are the failures.
    failed: number('http_req_failed', 'passes'),
    dropped: number('dropped_iterations', 'count'),
    checksPassed: number('checks', 'passes'),
    checksFailed: number('checks', 'fails'),
    latency: latencyOf(metrics['http_req_duration'] ?? {}),
    latencyByTag: latencyByTag(metrics),
    verdicts: verdictsOf(metrics),
  }
}

function latencyByTag(metrics: Record<string, Metric>): Record<string, Latency> {
  const tagged = Object.entries(metrics).flatMap(([name, metric]) => {
    const tag = /^http_req_duration\{(.+)\}$/.exec(name)?.[1]
    return tag === undefined || tag.startsWith('expected_response') || !isMeasured(metric)
      ? []
      : [[tag, latencyOf(metric)] as const]
  })
  return Object.fromEntries(tagged)
}

function latencyOf(metric: Partial<Metric>): Latency {
  return {
    p50Ms: metric['med'] ?? 0,
    p95Ms: metric['p(95)'] ?? 0,
    p99Ms: metric['p(99)'] ?? 0,
    p999Ms: metric['p(99.9)'] ?? 0,
    maxMs: metric['max'] ?? 0,
  }
}

function verdictsOf(metrics: Record<string, Metric>): Verdict[] {
  const names = Object.keys(metrics).toSorted(byName)
  return names.flatMap((name) => {
    const metric = metrics[name] as Metric
    // k6 writes true for a threshold that was crossed.
    return Object.entries(metric.thresholds ?? {}).map(([promise, crossed]) => ({
      metric: name,
      promise,
      kept: !crossed,
      value: valueOf(metric, promise),
      measured: isMeasured(metric),
    }))
  })
}

// at_90 before at_108: the steps of a stair in their order.
function byName(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true })
}

function valueOf(metric: Metric, promise: string): number | undefined {
  const aggregate = /^[a-z]+(\([\d.]+\))?/.exec(promise)?.[0] ?? ''
  return metric[aggregate] ?? (aggregate === 'rate' ? metric['value'] : undefined)
}

// A counter of 0 is a measurement; a latency of 0, a gauge that never moved and a share of nothing are not.
function isMeasured(metric: Metric): boolean {
  if ('max' in metric) return metric['max'] !== 0 || (metric['min'] ?? 0) !== 0
  if ('passes' in metric) return (metric['passes'] ?? 0) + (metric['fails'] ?? 0) > 0
  return true
}
