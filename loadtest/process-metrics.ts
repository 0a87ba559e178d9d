/** Reads one number without labels from the text of /metrics (Prometheus text format). */
export function metricOf(text: string, name: string): number | undefined {
  const line = text.split('\n').find((one) => one.startsWith(`${name} `))
  const value = Number(line?.slice(name.length + 1).split(' ')[0])
  return Number.isFinite(value) ? value : undefined
}
