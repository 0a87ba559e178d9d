import { quote } from './problem.ts'

/** A parameter that is not what the route expects: the sentence for the client. */
export interface Mistake {
  readonly mistake: string
}

export interface ListParameters {
  readonly page: number
  readonly count: number
}

const int4Max = 2_147_483_647
/** The largest page: some 4 MB of JSON, streamed. */
const countMax = 10_000

const defaults: ListParameters = { page: 1, count: 5 }

/** Reads the product id of a path, percent-decoded already. */
export const readProductId = (text: string): number | Mistake =>
  readNumber('product_id', text, int4Max)

/**
 * Reads page and count from a URL's query. Only they matter: other parameters may be anything, repeated and malformed escapes
 * included. A name may be escaped like a value.
 */
export const readListParameters = (url: string): ListParameters | Mistake => {
  const found = new Map<string, string>()
  for (const [name, value] of queryPairs(url)) {
    if (name !== 'page' && name !== 'count') continue
    if (found.has(name)) return { mistake: `${name}: expected once, came more than once` }
    if (value === undefined)
      return { mistake: `${name}: expected a number, came a malformed escape` }
    found.set(name, value)
  }
  const page = readOptional('page', found, defaults.page, int4Max)
  if (typeof page !== 'number') return page
  const count = readOptional('count', found, defaults.count, countMax)
  if (typeof count !== 'number') return count
  return { page, count }
}

const readOptional = (
  name: string,
  found: ReadonlyMap<string, string>,
  defaultValue: number,
  max: number,
): number | Mistake => {
  const text = found.get(name)
  return text === undefined ? defaultValue : readNumber(name, text, max)
}

const readNumber = (name: string, text: string, max: number): number | Mistake => {
  const value = /^[1-9]\d{0,9}$/.test(text) ? Number(text) : Infinity
  return value <= max
    ? value
    : {
        mistake: `${name}: expected a whole number from 1 to ${max} without leading zeros, came ${quote(text)}`,
      }
}

/** Names and values of a query, decoded; undefined where an escape is malformed. */
function* queryPairs(
  url: string,
): Generator<[name: string | undefined, value: string | undefined]> {
  const [beforeFragment = ''] = url.split('#', 1)
  const start = beforeFragment.indexOf('?')
  if (start === -1) return
  for (const pair of beforeFragment.slice(start + 1).split('&')) {
    const equals = pair.indexOf('=')
    const name = equals === -1 ? pair : pair.slice(0, equals)
    yield [decode(name), decode(equals === -1 ? '' : pair.slice(equals + 1))]
  }
}

// Forms write a blank as + (URL standard, application/x-www-form-urlencoded).
const decode = (text: string): string | undefined => {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return undefined
  }
}
