import { checkSettings } from './check-settings.ts'

/** What the configuration of NGINX leaves open. Addresses are numbers (`10.0.1.7:3000`, `[::1]:3000`), paths absolute. */
export interface NginxSettings {
  /** Where the instances of dist/server.js listen; the first is `/instances/1/` of the operations endpoints. */
  readonly instances: readonly string[]
  /** Where the public is answered over HTTP. */
  readonly listen: readonly string[]
  /** Where the public is answered over HTTPS and HTTP/2. */
  readonly tls?: TlsSettings | undefined
  /** Where NGINX's own status and the instances' operations endpoints are answered: a loopback address. */
  readonly operationsListen: string
  /** Hosts that are answered for, all others get 421; none given: any host. */
  readonly serverNames: readonly string[]

  /** The pid file, and replies while they arrive. In memory, but not on the file system of cacheFolder where that may fill up. */
  readonly runFolder: string
  /** Kept replies, which answer while no instance does, also after a restart of NGINX. In memory (tmpfs): see cache.conf. */
  readonly cacheFolder: string
  /** A file, or `off`. */
  readonly accessLog: string
  /** A file, or `stderr`. */
  readonly errorLog: string
  /** Whom the workers run as when NGINX is started by root; none given: what NGINX was built with. */
  readonly user?: string | undefined

  readonly workerCount: number | 'auto'
  readonly connectionsPerWorker: number
  /** Requests that an instance is asked at once by this NGINX; the next ones get what is kept, or 503. */
  readonly requestsPerInstance: number
  readonly documentMegabytesMax: number
  readonly listMegabytesMax: number

  /** Networks of load balancers whose X-Forwarded-For is believed. */
  readonly trustedProxies: readonly string[]
  /** Networks whose clients are not limited. */
  readonly unlimitedClients: readonly string[]
  readonly requestsPerSecond: number
  /** Requests that a client may be ahead of its rate. */
  readonly requestBurst: number
  readonly connectionsPerClient: number

  /** Token with which loader.io asks whether load tests are wanted: `loaderio-` and hexadecimal digits. */
  readonly loaderioToken?: string | undefined
}

export interface TlsSettings {
  readonly listen: readonly string[]
  readonly certificateFile: string
  readonly keyFile: string
}

/** What holds for a setting that is not given. */
const nginxDefaults = {
  serverNames: [],
  accessLog: 'off',
  errorLog: 'stderr',
  workerCount: 'auto',
  connectionsPerWorker: 4096,
  requestsPerInstance: 96,
  documentMegabytesMax: 256,
  listMegabytesMax: 64,
  trustedProxies: [],
  unlimitedClients: [],
  requestsPerSecond: 100,
  requestBurst: 200,
  connectionsPerClient: 100,
} as const satisfies Partial<NginxSettings>

/**
 * Settings with their defaults filled in, from what was given as JSON or by a program. Throws one error that names every
 * mistake: no value reaches the configuration unchecked, because a stray `;` in one would be a directive.
 */
export function parseNginxSettings(given: unknown): NginxSettings {
  const settings =
    typeof given === 'object' && given !== null ? { ...nginxDefaults, ...given } : given
  const mistakes = checkSettings(settings)
  if (mistakes.length > 0) {
    throw new Error(`NGINX settings:\n${mistakes.map((mistake) => `  ${mistake}`).join('\n')}`)
  }
  return settings as NginxSettings
}
