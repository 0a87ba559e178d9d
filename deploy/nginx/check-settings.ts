import { isIP } from 'node:net'
import type { NginxSettings, TlsSettings } from './settings.ts'

/** The mistakes in a value, a sentence each: where it stands, what was expected, what came. */
type Check = (value: unknown, where: string) => string[]

type Checks<T> = { readonly [Name in keyof T]-?: Check }

/** Every mistake in settings that came from outside; none when they are NginxSettings. */
export function checkSettings(given: unknown): string[] {
  const mistakes = objectOf(settingChecks)(given, 'settings')
  if (mistakes.length > 0) return mistakes
  const { listen, tls } = given as NginxSettings
  return listen.length === 0 && tls === undefined
    ? ['settings.listen: expected an address when there is no tls, came []']
    : []
}

const objectOf =
  <T>(checks: Checks<T>): Check =>
  (given, where) => {
    if (typeof given !== 'object' || given === null || Array.isArray(given)) {
      return mistake(where, 'an object', given)
    }
    const values: Record<string, unknown> = { ...given }
    const known = Object.entries<Check>(checks).flatMap(([name, check]) =>
      check(values[name], `${where}.${name}`),
    )
    const unknown = Object.keys(values)
      .filter((name) => !Object.hasOwn(checks, name))
      .map((name) => `${where}.${name}: there is no such setting`)
    return [...known, ...unknown]
  }

const mistake = (where: string, expected: string, came: unknown) => [
  `${where}: expected ${expected}, came ${JSON.stringify(came) ?? 'nothing'}`,
]

const is =
  (expected: string, right: (value: unknown) => boolean): Check =>
  (value, where) =>
    right(value) ? [] : mistake(where, expected, value)

const text = (expected: string, pattern: RegExp) =>
  is(expected, (value) => typeof value === 'string' && pattern.test(value))

const whole = (least: number, most: number) =>
  is(
    `a whole number from ${least} to ${most}`,
    (value) => Number.isInteger(value) && Number(value) >= least && Number(value) <= most,
  )

const optional =
  (check: Check): Check =>
  (value, where) =>
    value === undefined ? [] : check(value, where)

const or =
  (own: string, check: Check): Check =>
  (value, where) =>
    value === own ? [] : check(value, where).map((wrong) => `${wrong} (or "${own}")`)

const listOf =
  (check: Check, least = 0): Check =>
  (value, where) => {
    if (!Array.isArray(value) || value.length < least || new Set(value).size < value.length) {
      const expected = least === 0 ? 'a list' : `a list of ${least} or more`
      return mistake(where, `${expected}, no two alike`, value)
    }
    return value.flatMap((item, index) => check(item, `${where}[${index}]`))
  }

function splitAddress(value: unknown): { host: string; port: number } {
  const pattern = /^(?:\[([0-9a-f:.]+)\]|([0-9.]+)):(\d{1,5})$/i
  const [, v6, v4, port] = pattern.exec(typeof value === 'string' ? value : '') ?? []
  return { host: v6 ?? v4 ?? '', port: Number(port) }
}

function isAddress(value: unknown): boolean {
  const { host, port } = splitAddress(value)
  return isIP(host) !== 0 && port >= 1 && port <= 65_535
}

function isLoopback(value: unknown): boolean {
  const { host } = splitAddress(value)
  return isAddress(value) && (host === '::1' || host.startsWith('127.'))
}

function isNetwork(value: unknown): boolean {
  const pattern = /^([0-9a-f:.]+)\/(\d{1,3})$/i
  const [, host = '', bits] = pattern.exec(typeof value === 'string' ? value : '') ?? []
  const bitsMax = isIP(host) === 4 ? 32 : 128
  return isIP(host) !== 0 && Number(bits) <= bitsMax
}

const address = is('a numeric address and port, like 10.0.1.7:3000 or [::1]:3000', isAddress)
const loopback = is('a loopback address and port, like 127.0.0.1:8081', isLoopback)
const network = is('a network, like 10.0.0.0/8 or fd00::/8', isNetwork)
// Blanks, quotes and ; { } $ # mean something to NGINX.
const path = text('an absolute path of letters, digits and _ . @ + ~ -', /^(?:\/[\w.@+~-]+)+$/)
const host = text('a host name in lower case', /^(?:\*\.)?[a-z0-9-]+(?:\.[a-z0-9-]+)*$/)

const tlsChecks: Checks<TlsSettings> = {
  listen: listOf(address, 1),
  certificateFile: path,
  keyFile: path,
}

const settingChecks: Checks<NginxSettings> = {
  instances: listOf(address, 1),
  listen: listOf(address),
  tls: optional(objectOf(tlsChecks)),
  operationsListen: loopback,
  serverNames: listOf(host),
  runFolder: path,
  cacheFolder: path,
  accessLog: or('off', path),
  errorLog: or('stderr', path),
  user: optional(text('the name of a user', /^[a-z_][a-z0-9_-]{0,31}$/)),
  workerCount: or('auto', whole(1, 256)),
  connectionsPerWorker: whole(64, 1_000_000),
  documentMegabytesMax: whole(1, 1_000_000),
  listMegabytesMax: whole(1, 1_000_000),
  trustedProxies: listOf(network),
  unlimitedClients: listOf(network),
  requestsPerSecond: whole(1, 1_000_000),
  requestBurst: whole(1, 1_000_000),
  connectionsPerClient: whole(1, 65_535),
  requestsPerInstance: whole(2, 65_535),
  loaderioToken: optional(
    text('loaderio- and 8 to 64 hexadecimal digits', /^loaderio-[0-9a-f]{8,64}$/),
  ),
}
