import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chown, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { Client } from 'pg'
import { startChild, waitUntilReady } from '../bench/child.ts'
import { findFreePort } from '../bench/free-port.ts'
import type { WalLevel } from './options.ts'
import { findServerPrograms } from './server-programs.ts'

const run = promisify(execFile)
const startMsMax = 60_000

/** A PostgreSQL of the bench's own. */
export interface BenchServer {
  /** Of its superuser; the database is to be appended. */
  readonly url: string
  readonly password: string
  readonly postmasterPid: number
  /** The folder of psql and the like. */
  readonly programs: string
  readonly stop: () => Promise<void>
}

/** What deploy/postgres sets for the primary, as far as it matters to a load; WAL is not archived, nobody replicates. */
export const serverSettings = {
  shared_buffers: '1GB',
  maintenance_work_mem: '384MB',
  work_mem: '32MB',
  effective_cache_size: '3GB',
  random_page_cost: 1.1,
  effective_io_concurrency: 200,
  jit: 'off',
  max_wal_size: '4GB',
  min_wal_size: '512MB',
  checkpoint_timeout: '15min',
  autovacuum_vacuum_cost_limit: 2000,
  autovacuum_max_workers: 2,
  fsync: 'on',
  synchronous_commit: 'on',
} as const

const ofLevel = {
  minimal: { wal_level: 'minimal', max_wal_senders: 0 },
  replica: { wal_level: 'replica', max_wal_senders: 6 },
} as const

/** Makes a database cluster and starts it with that `wal_level`; stopping removes it. */
export const startServer = async (level: WalLevel): Promise<BenchServer> => {
  const { programs, ids, parentDir } = await findServerPrograms()
  await mkdir(parentDir, { recursive: true })
  const dir = await mkdtemp(join(parentDir, 'product-overview-etl-bench-'))
  if (ids) await chown(dir, ids.uid, ids.gid)
  const password = randomBytes(18).toString('base64url')
  await initialise(programs, dir, password, ids)
  const port = await findFreePort()
  const child = await startChild({
    command: join(programs, 'postgres'),
    args: ['-D', join(dir, 'data'), ...settingArguments({ ...ofLevel[level], port })],
    log: join(dir, 'log'),
    // Its data are not needed any more, so nothing is to be saved first.
    stopSignal: 'SIGQUIT',
    ...(ids && { ids }),
  })
  const url = `postgres://postgres:${password}@127.0.0.1:${port}`
  await waitUntilReady('PostgreSQL', [child], () => acceptsConnections(url), startMsMax)
  const stop = async () => {
    await child.stop()
    await rm(dir, { recursive: true })
  }
  return { url, password, postmasterPid: child.pid, programs, stop }
}

const initialise = async (
  programs: string,
  dir: string,
  password: string,
  ids: { uid: number; gid: number } | undefined,
) => {
  const passwordFile = join(dir, 'password')
  await writeFile(passwordFile, password, { mode: 0o600 })
  if (ids) await chown(passwordFile, ids.uid, ids.gid)
  const how = ['--username=postgres', '--auth=scram-sha-256', '--encoding=UTF8', '--locale=C']
  const where = [`--pwfile=${passwordFile}`, `--pgdata=${join(dir, 'data')}`]
  // initdb enters the folder that it is started in, which may be closed to its user.
  await run(join(programs, 'initdb'), [...how, ...where], { ...ids, cwd: dir })
}

const settingArguments = (own: Readonly<Record<string, string | number>>) => {
  const where = { listen_addresses: '127.0.0.1', unix_socket_directories: '', max_connections: 40 }
  const all = Object.entries({ ...where, ...serverSettings, ...own })
  return all.flatMap(([name, value]) => ['-c', `${name}=${value}`])
}

const acceptsConnections = async (url: string) => {
  const client = new Client(`${url}/postgres`)
  try {
    await client.connect()
    return true
  } catch {
    return false
  } finally {
    await client.end()
  }
}
