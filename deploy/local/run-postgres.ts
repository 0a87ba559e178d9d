import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { open, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { findFreePort } from './free-port.ts'
import { guardPostgres } from './guard-postgres.ts'
import { LocalError } from './local-error.ts'
import { programPath } from './postgres-binaries.ts'
import type { PostgresSite } from './postgres-site.ts'
import { readPostmaster, stopPostmaster } from './postmaster.ts'
import { programEnvironment } from './run-program.ts'

const startMsMax = 60_000
const startPollMs = 10
const attemptsMax = 10
const attemptPauseMs = 200
const logTailCharsMax = 2_000

export interface PostgresOptions {
  /** Absolute; holds the data and the log of the last start. One process at a time may use it. */
  readonly dir: string
  /** False gives up safety against a power cut for speed; for tests. Default true. */
  readonly durable?: boolean
  /** Server settings besides our own. */
  readonly settings?: Readonly<Record<string, string | number>>
  /** A free one unless told; told when a stopped server is to come back at its address. */
  readonly port?: number | undefined
  readonly signal?: AbortSignal | undefined
}

export interface EmbeddedPostgres {
  /** Connects as the superuser to the database postgres on 127.0.0.1. */
  readonly url: string
  /** The postmaster's. */
  readonly pid: number
  readonly port: number
  readonly dataDir: string
  readonly logFile: string
  /** Settles when the server has ended, wanted or not. */
  readonly ended: Promise<void>
  /** Stops it within 40 s, losing nothing that was committed. */
  readonly stop: () => Promise<void>
}

/**
 * Runs PostgreSQL on the data of a site, which must be there, on 127.0.0.1. Resolves when it accepts connections (a replica:
 * for reading); throws, with the end of its log, when it does not. `password` is the superuser's, for the url.
 */
export const runPostgres = async (
  site: PostgresSite,
  password: string,
  options: PostgresOptions,
): Promise<EmbeddedPostgres> => {
  const { child, pid, port } = await startOnFreePort(site, options)
  const ended = once(child, 'exit').then(guardPostgres(site))
  return {
    url: postgresUrl(password, port),
    pid,
    port,
    dataDir: site.dataDir,
    logFile: logFileOf(options.dir),
    ended,
    stop: async () => {
      await stopPostmaster(pid)
      await ended
    },
  }
}

/** Where a server of ours is reached, as the superuser. */
export const postgresUrl = (password: string, port: number) =>
  `postgres://postgres:${password}@127.0.0.1:${port}/postgres`

const startOnFreePort = async (site: PostgresSite, options: PostgresOptions) => {
  for (let attempt = 1; ; attempt++) {
    const port = options.port ?? (await findFreePort())
    const started = await start(site, options, port)
    if (await becomesReady(site, started, options.signal)) return { ...started, port }
    const log = await tail(logFileOf(options.dir))
    if (attempt === attemptsMax || !passingFailure.test(log))
      throw new LocalError(
        `PostgreSQL (${site.account.name}) did not start in ${site.dataDir}:\n${log}`,
      )
    await sleep(attemptPauseMs)
  }
}

// Between our look and PostgreSQL's bind another program may have taken the port; and after a kill -9 of the
// postmaster its children hold the shared memory until they notice.
const passingFailure = /Address already in use|shared memory block .* is still in use/

interface Started {
  readonly child: ChildProcess
  readonly pid: number
}

// In a session of its own: Ctrl-C in the terminal is for us, who stop the server before its database.
const start = async (
  site: PostgresSite,
  options: PostgresOptions,
  port: number,
): Promise<Started> => {
  const log = await open(logFileOf(options.dir), 'w', 0o600)
  try {
    const { file, args, ids } = site.account.wrap(
      programPath(site.binaries, 'postgres'),
      serverArguments(site, options, port),
    )
    const child = spawn(file, args, {
      ...ids,
      env: programEnvironment(),
      stdio: ['ignore', log.fd, log.fd],
      detached: true,
    })
    await once(child, 'spawn')
    return { child, pid: child.pid as number }
  } finally {
    await log.close()
  }
}

const serverArguments = (
  site: PostgresSite,
  { durable = true, settings = {} }: PostgresOptions,
  port: number,
) => {
  const all = { ...localSettings, ...(durable ? {} : undurableSettings), ...settings, port }
  return ['-D', site.dataDir, ...Object.entries(all).flatMap(([k, v]) => ['-c', `${k}=${v}`])]
}

const localSettings = {
  listen_addresses: '127.0.0.1',
  // The path of a socket may have 107 bytes; folders of clones are often longer.
  unix_socket_directories: '',
  max_connections: 200,
  shared_buffers: '128MB',
  // Fewer checkpoints while a catalogue is imported.
  max_wal_size: '2GB',
  // A replica that is gone must not fill the disk: past this its slot is given up and it is built anew.
  max_slot_wal_keep_size: '8GB',
  // A replica that vanished holds up an orderly stop for no longer.
  wal_sender_timeout: '10s',
  jit: 'off',
}

const undurableSettings = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }

const becomesReady = async (
  { dataDir }: PostgresSite,
  { child, pid }: Started,
  signal?: AbortSignal,
) => {
  const deadline = Date.now() + startMsMax
  while (child.exitCode === null && child.signalCode === null) {
    const postmaster = await readPostmaster(dataDir)
    if (postmaster?.pid === pid && postmaster.ready) return true
    if (Date.now() > deadline || signal?.aborted) {
      await stopPostmaster(pid)
      signal?.throwIfAborted()
    }
    await sleep(startPollMs)
  }
  return false
}

const tail = async (file: string) => (await readFile(file, 'utf8')).slice(-logTailCharsMax).trim()

const logFileOf = (dir: string) => join(dir, 'log')
