export interface Sample {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

const line = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (-?(?:\d+(?:\.\d+)?(?:e[+-]?\d+)?|Inf)|NaN)$/
const label = /([a-zA-Z_]\w*)="((?:[^"\\]|\\["\\n])*)"(,|$)/y

/** Reads the text format of Prometheus and throws on anything that it does not allow. */
export const parseMetrics = (text: string): Sample[] => {
  if (!text.endsWith('\n')) throw new Error('the last line must end')
  const samples: Sample[] = []
  const types = new Map<string, string>()
  for (const current of text.slice(0, -1).split('\n')) {
    const comment = /^# (HELP|TYPE) ([a-zA-Z_:][\w:]*) (.+)$/.exec(current)
    if (comment !== null) {
      const [, keyword, name = '', rest = ''] = comment
      if (keyword === 'TYPE' && types.has(name)) throw new Error(`second TYPE of ${name}`)
      if (keyword === 'TYPE') types.set(name, rest)
      continue
    }
    const [, name, pairs = '', value] = line.exec(current) ?? []
    if (name === undefined || !isDeclared(types, name)) throw new Error(`bad line: ${current}`)
    samples.push({ name, labels: parseLabels(pairs), value: Number(value) })
  }
  return samples
}

const isDeclared = (types: ReadonlyMap<string, string>, name: string): boolean =>
  types.has(name) || types.get(name.replace(/_(bucket|sum|count)$/, '')) === 'histogram'

const parseLabels = (pairs: string): Record<string, string> => {
  const labels: Record<string, string> = {}
  label.lastIndex = 0
  for (let end = 0; end < pairs.length; end = label.lastIndex) {
    const [, name = '', value = ''] = label.exec(pairs) ?? []
    if (name === '' || name in labels) throw new Error(`bad labels: ${pairs}`)
    labels[name] = value.replace(/\\(.)/g, (_, escaped: string) =>
      escaped === 'n' ? '\n' : escaped,
    )
  }
  return labels
}
