import { databaseUrl, databaseUrls, host, oneOf, type Setting, wholeNumber } from './setting.ts'

const day = 86_400

/** Every setting of the server, in the order in which the README lists them. */
export const settings = {
  databaseUrl: databaseUrl('DATABASE_URL', 'The PostgreSQL that holds the catalogue.'),
  replicaUrls: databaseUrls('REPLICA_URLS', 'Its replicas; reads go to whichever is least busy.'),
  host: host('HOST', '127.0.0.1', 'The address to listen on.'),
  port: wholeNumber('PORT', 3000, [0, 65_535], 'The port to listen on; 0 takes a free one.'),

  replyCacheBytesMax: wholeNumber(
    'REPLY_CACHE_BYTES_MAX',
    128 * 1024 * 1024,
    [0, 64 * 1024 ** 3],
    'How much the reply cache may hold; 0 switches it off.',
  ),
  replyFreshMs: wholeNumber(
    'REPLY_FRESH_MS',
    600_000,
    [0, day * 1000],
    'How long a cached reply is served without asking the database. A change of it or a new release ends it within a second.',
  ),
  replyStaleMs: wholeNumber(
    'REPLY_STALE_MS',
    day * 1000,
    [0, 30 * day * 1000],
    'How long after that it may still be served while a newer one is loaded or no database answers.',
  ),

  httpFreshSeconds: wholeNumber(
    'HTTP_FRESH_SECONDS',
    1,
    [1, 300],
    'max-age and s-maxage, also of 404s: how long clients and NGINX need not ask.',
  ),
  httpStaleWhileRevalidateSeconds: wholeNumber(
    'HTTP_STALE_WHILE_REVALIDATE_SECONDS',
    1,
    [0, day],
    'stale-while-revalidate of every answer.',
  ),
  httpStaleIfErrorSeconds: wholeNumber(
    'HTTP_STALE_IF_ERROR_SECONDS',
    day,
    [0, 30 * day],
    'stale-if-error of every answer.',
  ),

  readConnectionsMax: wholeNumber(
    'READ_CONNECTIONS_MAX',
    3,
    [1, 64],
    'Connections to each database for product reads. More make smaller batches, not more speed.',
  ),
  readBatchIdsMax: wholeNumber(
    'READ_BATCH_IDS_MAX',
    64,
    [1, 1000],
    'How many ids one query may ask for.',
  ),
  readsQueuedMax: wholeNumber(
    'READS_QUEUED_MAX',
    2000,
    [1, 100_000],
    'How many reads may wait for a connection; over it the answer is 503.',
  ),
  readDeadlineMs: wholeNumber(
    'READ_DEADLINE_MS',
    800,
    [50, 60_000],
    'How long a read may take, waiting and connecting included; over it the answer is 503.',
  ),
  connectTimeoutMs: wholeNumber(
    'CONNECT_TIMEOUT_MS',
    400,
    [10, 60_000],
    'How long connecting to a database may take.',
  ),
  statementTimeoutMs: wholeNumber(
    'STATEMENT_TIMEOUT_MS',
    500,
    [10, 60_000],
    'How long a database may work on one statement; when it has not answered by then, another one is asked, once.',
  ),
  streamConnectionsMax: wholeNumber(
    'STREAM_CONNECTIONS_MAX',
    2,
    [1, 64],
    'Connections to each database for large list pages, which are streamed. Without NGINX a slow client keeps one for up to STREAM_MS.',
  ),
  streamsQueuedMax: wholeNumber(
    'STREAMS_QUEUED_MAX',
    32,
    [0, 10_000],
    'How many large pages may wait for one of them; over it the answer is 503.',
  ),
  streamMs: wholeNumber(
    'STREAM_MS',
    60_000,
    [1000, 3_600_000],
    'How long the client of a large page may take for all of it before the connection is cut.',
  ),
  streamStallMs: wholeNumber(
    'STREAM_STALL_MS',
    10_000,
    [100, 600_000],
    'How long the client of a large page may take none of it before the connection is cut.',
  ),
  releasePollMs: wholeNumber(
    'RELEASE_POLL_MS',
    250,
    [10, 60_000],
    'How often each database is asked for the live release and for changes; it is its health check as well.',
  ),
  replicaLagMs: wholeNumber(
    'REPLICA_LAG_MS',
    500,
    [50, 60_000],
    'How long a database may lack a change that another one shows; over it, or over two polls, it is not read.',
  ),

  eventLoopDelayMaxMs: wholeNumber(
    'EVENT_LOOP_DELAY_MAX_MS',
    200,
    [10, 60_000],
    'How late the event loop may be several times in a row; while it is later, what would have to be loaded is 503.',
  ),
  drainNoticeMs: wholeNumber(
    'DRAIN_NOTICE_MS',
    1000,
    [0, 60_000],
    'How long /readyz says no, while all is still answered, before the server stops listening.',
  ),
  drainMs: wholeNumber(
    'DRAIN_MS',
    10_000,
    [100, 600_000],
    'How long requests that are under way may then take to end.',
  ),
  logLevel: oneOf(
    'LOG_LEVEL',
    'info',
    ['fatal', 'error', 'warn', 'info', 'debug', 'silent'],
    'How much is logged; debug adds a line for every request.',
  ),
}

/** The settings of one process, typed; names carry their units. */
export type Config = {
  readonly [K in keyof typeof settings]: (typeof settings)[K] extends Setting<infer T> ? T : never
}

/** Says everything that is wrong with the environment: each variable, its value, and what was expected. */
export class ConfigError extends Error {
  override name = 'ConfigError'
}

/** Reads every setting from the environment. Throws a ConfigError that names all mistakes at once. */
export const readConfig = (env: Readonly<Record<string, string | undefined>>): Config => {
  const config: Record<string, unknown> = {}
  const mistakes: string[] = []
  for (const [key, setting] of Object.entries<Setting<unknown>>(settings)) {
    const text = env[setting.name]?.trim() || setting.defaultText
    const value = text === undefined ? undefined : setting.parse(text)
    if (value === undefined) mistakes.push(mistake(setting, text))
    config[key] = value
  }
  if (mistakes.length === 0) mistakes.push(...contradictions(config as Config))
  if (mistakes.length > 0) throw new ConfigError(mistakes.join('\n'))
  // Each key was filled by the parser of its own setting.
  return config as Config
}

/** What is wrong though each value alone is right. */
const contradictions = ({ statementTimeoutMs, readDeadlineMs }: Config): string[] =>
  statementTimeoutMs < readDeadlineMs
    ? []
    : [
        `STATEMENT_TIMEOUT_MS is "${statementTimeoutMs}": ` +
          `expected less than READ_DEADLINE_MS, which is "${readDeadlineMs}"`,
      ]

const mistake = (setting: Setting<unknown>, text: string | undefined): string =>
  text === undefined
    ? `${setting.name} is not set: expected ${setting.expected}`
    : `${setting.name} is ${JSON.stringify(setting.show(text))}: expected ${setting.expected}`
