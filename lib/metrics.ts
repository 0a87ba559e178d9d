/** One time series of a counter; whoever holds it adds to its value. */
export interface Counter {
  value: number
}

/** One time series of a histogram. */
export interface Histogram {
  readonly observe: (value: number) => void
}

/** A series by the values of its labels, made when first asked for. Ask once where it matters, and keep it. */
export type Labelled<S> = (...labelValues: readonly string[]) => S

/** A registry of metrics, written in the text format of Prometheus, version 0.0.4. */
export interface Metrics {
  readonly counter: (name: string, help: string, labels?: readonly string[]) => Labelled<Counter>
  /** Buckets by ascending upper bounds; the one for what exceeds them all is added. */
  readonly histogram: (
    name: string,
    help: string,
    bounds: readonly number[],
    labels?: readonly string[],
  ) => Labelled<Histogram>
  /** Numbers that are kept elsewhere and read whenever the metrics are, each with the values of its labels. */
  readonly observed: (
    type: 'counter' | 'gauge',
    name: string,
    help: string,
    read: () => Iterable<readonly [value: number, ...labelValues: string[]]>,
    labels?: readonly string[],
  ) => void
  readonly text: () => string
}

export const metricsContentType = 'text/plain; version=0.0.4; charset=utf-8'

export const createMetrics = (): Metrics => {
  const families: (() => string[])[] = []
  const register = (name: string, help: string, type: string, lines: () => string[]) => {
    const head = [`# HELP ${name} ${escapeHelp(help)}`, `# TYPE ${name} ${type}`]
    families.push(() => [...head, ...lines()])
  }

  return {
    counter: (name, help, labels = []) => {
      const { get, all } = createSeries(labels, (): Counter => ({ value: 0 }))
      register(name, help, 'counter', () =>
        all().map(([pairs, { value }]) => `${name}${braces(pairs)} ${value}`),
      )
      return get
    },
    histogram: (name, help, bounds, labels = []) => {
      const { get, all } = createSeries(labels, () => createHistogram(bounds))
      register(name, help, 'histogram', () =>
        all().flatMap(([pairs, histogram]) => histogram.lines(name, pairs)),
      )
      return get
    },
    observed: (type, name, help, read, labels = []) =>
      register(name, help, type, () =>
        [...read()].map(
          ([value, ...labelValues]) => `${name}${braces(labelPairs(labels, labelValues))} ${value}`,
        ),
      ),
    text: () => families.flatMap((lines) => lines()).join('\n') + '\n',
  }
}

/** The series of one family; those without labels are there from the beginning, with the value 0. */
const createSeries = <S>(labels: readonly string[], make: () => S) => {
  const series = new Map<string, S>()
  const get: Labelled<S> = (...labelValues) => {
    const pairs = labelPairs(labels, labelValues)
    const known = series.get(pairs)
    if (known !== undefined) return known
    const made = make()
    series.set(pairs, made)
    return made
  }
  if (labels.length === 0) get()
  return { get, all: () => [...series] }
}

const createHistogram = (bounds: readonly number[]) => {
  const counts = Array.from({ length: bounds.length + 1 }, () => 0)
  let sum = 0
  const observe = (value: number) => {
    let bucket = 0
    while (bucket < bounds.length && value > (bounds[bucket] ?? Infinity)) bucket += 1
    counts[bucket] = (counts[bucket] ?? 0) + 1
    sum += value
  }
  // Buckets are cumulative: each counts what is at most its bound.
  const lines = (name: string, pairs: string) => {
    let total = 0
    const buckets = [...bounds.map(String), '+Inf'].map((bound, bucket) => {
      total += counts[bucket] ?? 0
      return `${name}_bucket${braces(joinPairs(pairs, `le="${bound}"`))} ${total}`
    })
    return [
      ...buckets,
      `${name}_sum${braces(pairs)} ${sum}`,
      `${name}_count${braces(pairs)} ${total}`,
    ]
  }
  return { observe, lines }
}

const labelPairs = (labels: readonly string[], values: readonly string[]): string =>
  labels.map((label, index) => `${label}="${escapeLabel(values[index] ?? '')}"`).join(',')

const joinPairs = (pairs: string, pair: string): string =>
  pairs === '' ? pair : `${pairs},${pair}`

const braces = (pairs: string): string => (pairs === '' ? '' : `{${pairs}}`)

const escapeHelp = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')

const escapeLabel = (text: string): string => escapeHelp(text).replaceAll('"', '\\"')
