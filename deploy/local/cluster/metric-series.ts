/** One line of /metrics: a time series and its value now. */
export interface Series {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

const linePattern = /^(\w+)(?:\{(.*)\})? (\S+)$/
const labelPattern = /(\w+)="((?:[^"\\]|\\.)*)"/g

/** Reads the text format of Prometheus; lines that are no series are passed over. */
export const parseSeries = (text: string): Series[] =>
  text
    .split('\n')
    .map((line) => linePattern.exec(line))
    .filter((match) => match !== null)
    .map(([, name = '', labels = '', value]) => ({
      name,
      labels: Object.fromEntries(
        [...labels.matchAll(labelPattern)].map(([, label = '', shown = '']) => [label, shown]),
      ),
      value: value === '+Inf' ? Infinity : Number(value),
    }))

/** The sum of the series of that name whose labels have these values; 0 when there is none. */
export const sumOf = (
  series: readonly Series[],
  wanted: string,
  labels: Readonly<Record<string, string>> = {},
): number =>
  series
    .filter(({ name }) => name === wanted)
    .filter((one) => Object.entries(labels).every(([label, text]) => one.labels[label] === text))
    .reduce((sum, { value }) => sum + value, 0)
