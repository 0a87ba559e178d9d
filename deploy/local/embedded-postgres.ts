import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { open, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { findFreePort } from './free-port.ts'
import { guardPostgres } from './guard-postgres.ts'
import { LocalError } from './local-error.ts'
import { programPath } from './postgres-binaries.ts'
import { ensureData } from './postgres-data.ts'
import { type PostgresSite, chooseSite } from './postgres-site.ts'
import { endOrphan, readPostmaster, stopPostmaster } from './postmaster.ts'
import { programEnvironment } from './run-program.ts'

const startMsMax = 60_000
const startPollMs = 10
const attemptsMax = 10
const attemptPauseMs = 200
const logTailCharsMax = 2_000

export interface EmbeddedPostgresOptions {
  /** Absolute; holds the data, the password (mode 0600) and the log of the last start. One process at a time may use it. */
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
 * Starts the PostgreSQL of the npm package on a free port of 127.0.0.1, with its data in `dir`; the first time it makes
 * the database. Resolves when it accepts connections; throws, with the end of its log, when it does not.
 *
 * The package's own class is not used: it installs exit hooks for the whole process, takes SIGINT from the terminal
 * together with us (so the database would be gone before the server has drained), and waits without limits.
 */
export const startEmbeddedPostgres = (
  options: EmbeddedPostgresOptions,
): Promise<EmbeddedPostgres> =>
  begin(options).catch((error: NodeJS.ErrnoException) => {
    if (!accessCodes.has(error.code ?? '')) throw error
    throw new LocalError(
      `cannot use ${options.dir} (${error.message}): start as its owner, or choose another folder`,
      { cause: error },
    )
  })

const accessCodes = new Set(['EACCES', 'EPERM', 'EROFS'])

const begin = async (options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> => {
  const { dir, durable = true, signal } = options
  const site = await chooseSite(dir)
  const password = await ensurePassword(dir)
  await endOrphan(site.dataDir)
  await ensureData(site, { password, durable, signal })
  const { child, pid, port } = await startOnFreePort(site, options)
  const ended = once(child, 'exit').then(guardPostgres(site))
  return {
    url: `postgres://postgres:${password}@127.0.0.1:${port}/postgres`,
    pid,
    port,
    dataDir: site.dataDir,
    logFile: logFileOf(dir),
    ended,
    stop: async () => {
      await stopPostmaster(pid)
      await ended
    },
  }
}

/** Removes what a stopped server left on disk, its data included. */
export const removeEmbeddedPostgres = async ({ dataDir }: EmbeddedPostgres, dir: string) => {
  // Root's data may stand in a folder of its own: see chooseSite.
  await rm(dirname(dataDir), { recursive: true, force: true })
  await rm(dir, { recursive: true, force: true })
}

// Written before the first initdb and never changed: the database knows only its hash.
const ensurePassword = async (dir: string) => {
  const file = join(dir, 'password')
  await writeFile(file, randomBytes(18).toString('base64url'), { flag: 'wx', mode: 0o600 }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error
    },
  )
  return readFile(file, 'utf8')
}

const startOnFreePort = async (site: PostgresSite, options: EmbeddedPostgresOptions) => {
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
  options: EmbeddedPostgresOptions,
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
  { durable = true, settings = {} }: EmbeddedPostgresOptions,
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
