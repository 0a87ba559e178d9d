/** What k6 aggregated at one moment: by metric, then by aggregate ("p(95)", "rate", "count"). */
export interface Moment {
  readonly atMs: number
  readonly of: Readonly<Record<string, Readonly<Record<string, number>>>>
}

/** The record of k6's dashboard. k6 has aggregated it: raw samples would be 40,000 lines a second. */
export interface K6Record {
  readonly periodS: number
  /** What happened in each period. */
  readonly snapshots: readonly Moment[]
  /** What happened since the beginning; undefined when the run ended within the first period. */
  readonly total: Moment | undefined
}

interface Event {
  readonly event: string
  readonly data: unknown
}

/**
 * Reads the record that K6_WEB_DASHBOARD_RECORD names: events, one line of JSON each. The numbers of a
 * moment come without names, in the order of the names of all metrics that were seen until then.
 */
export function parseRecord(text: string): K6Record {
  const reader = new RecordReader()
  for (const line of text.split('\n')) if (line !== '') reader.read(JSON.parse(line) as Event)
  const { periodS, snapshots, total } = reader
  return { periodS, snapshots, total }
}

class RecordReader {
  periodS = 1
  readonly snapshots: Moment[] = []
  total: Moment | undefined
  #aggregatesByType: Record<string, readonly string[]> = {}
  readonly #types = new Map<string, string>()
  #names: readonly string[] = []

  read({ event, data }: Event): void {
    if (event === 'param') this.#readParam(data as ParamData)
    else if (event === 'metric') this.#readMetrics(data as MetricData)
    else if (event === 'snapshot') this.snapshots.push(this.#momentOf(data as number[][]))
    else if (event === 'cumulative') this.total = this.#momentOf(data as number[][])
  }

  #readParam({ period, aggregates }: ParamData): void {
    this.periodS = period / 1000
    this.#aggregatesByType = aggregates
  }

  #readMetrics(metrics: MetricData): void {
    for (const [name, { type }] of Object.entries(metrics)) this.#types.set(name, type)
    this.#names = [...this.#types.keys()].toSorted()
  }

  #momentOf(values: number[][]): Moment {
    const of: Record<string, Record<string, number>> = {}
    for (const [i, name] of this.#names.entries()) {
      const aggregates = this.#aggregatesByType[this.#types.get(name) ?? ''] ?? []
      // A metric without samples has no values at all.
      const pairs = (values[i] ?? []).map((value, k) => [aggregates[k] ?? '', value] as const)
      if (pairs.length > 0) of[name] = Object.fromEntries(pairs)
    }
    return { atMs: of['time']?.['value'] ?? 0, of }
  }
}

interface ParamData {
  readonly period: number
  readonly aggregates: Record<string, readonly string[]>
}

type MetricData = Record<string, { readonly type: string }>
