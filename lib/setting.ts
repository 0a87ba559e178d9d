/** One environment variable: what it means, what it may hold and how its text becomes a value. */
export interface Setting<T> {
  readonly name: string
  readonly description: string
  /** The text used when the variable is unset or empty; undefined means that it must be set. */
  readonly defaultText: string | undefined
  /** What a good value looks like, for messages and for the README. */
  readonly expected: string
  /** undefined when the text is not what was expected. */
  readonly parse: (text: string) => T | undefined
  /** The value as it may be shown: without passwords. */
  readonly show: (text: string) => string
}

const asItIs = (text: string) => text

/** A whole number between two bounds, both included. */
export const wholeNumber = (
  name: string,
  defaultValue: number,
  [min, max]: readonly [min: number, max: number],
  description: string,
): Setting<number> => ({
  name,
  description,
  defaultText: String(defaultValue),
  expected: `a whole number from ${min} to ${max}`,
  parse: (text) => {
    const value = Number(text)
    return /^\d+$/.test(text) && value >= min && value <= max ? value : undefined
  },
  show: asItIs,
})

/** One word of a list. */
export const oneOf = <const T extends string>(
  name: string,
  defaultValue: T,
  choices: readonly T[],
  description: string,
): Setting<T> => ({
  name,
  description,
  defaultText: defaultValue,
  expected: `one of ${choices.join(', ')}`,
  parse: (text) => choices.find((choice) => choice === text),
  show: asItIs,
})

/** A host name or an address to listen on. */
export const host = (name: string, defaultValue: string, description: string): Setting<string> => ({
  name,
  description,
  defaultText: defaultValue,
  expected: 'a host name or an IP address',
  parse: (text) => (/^[\w.:-]+$/.test(text) ? text : undefined),
  show: asItIs,
})

/** The url of one PostgreSQL database. */
export const databaseUrl = (name: string, description: string): Setting<string> => ({
  name,
  description,
  defaultText: undefined,
  expected: 'postgres://user:password@host:port/database',
  parse: parseDatabaseUrl,
  show: withoutPassword,
})

/** The urls of any number of PostgreSQL databases, separated by commas. */
export const databaseUrls = (name: string, description: string): Setting<readonly string[]> => ({
  name,
  description,
  defaultText: '',
  expected: 'urls like postgres://user:password@host:port/database, separated by commas',
  parse: (text) => {
    const urls = text === '' ? [] : text.split(',').map((url) => parseDatabaseUrl(url.trim()))
    return urls.every((url) => url !== undefined) ? urls : undefined
  },
  show: withoutPassword,
})

const parseDatabaseUrl = (text: string): string | undefined =>
  /^postgres(ql)?:\/\//.test(text) && URL.canParse(text) ? text : undefined

/** Also for text that is no url: whatever stands before the last @ may be a secret. */
const withoutPassword = (text: string): string =>
  text.replace(/^(\w*:?\/\/)?.*@/, '$1***@').replace(/(password=)[^&]*/gi, '$1***')
