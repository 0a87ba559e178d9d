import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { chown, mkdir, readFile, readdir, realpath, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { Client } from 'pg'
import { startChild, waitUntilReady } from './child.ts'
import { findFreePort } from './free-port.ts'
import { whichProgram } from './which-program.ts'

const run = promisify(execFile)
const startMsMax = 60_000

// Debian keeps the programs of each major version in a folder of its own, outside of PATH.
const debianDir = '/usr/lib/postgresql'

/** The folder of PostgreSQL's server programs on this machine, the newest if there are several; undefined if none. */
export const findPostgresPrograms = async (): Promise<string | undefined> => {
  const inPath = await whichProgram('initdb')
  // It may be a link to one of several programs that stand elsewhere.
  if (inPath !== undefined) return dirname(await realpath(inPath))
  const majors = (await readdir(debianDir).catch(() => [])).map(Number).filter(Number.isInteger)
  const folders = majors
    .toSorted((a, b) => b - a)
    .map((major) => join(debianDir, `${major}`, 'bin'))
  return folders.find((folder) => existsSync(join(folder, 'initdb')))
}

/** Starts the installed PostgreSQL on a free port; its data stay in the folder for the next bench. Returns its URL. */
export const startInstalledPostgres = async (programs: string, logDir: string): Promise<string> => {
  const { ids, directory } = await chooseAccount()
  const password = await ensureData(programs, directory, ids)
  const port = await findFreePort()
  const child = await startChild({
    command: join(programs, 'postgres'),
    args: ['-D', join(directory, 'data'), ...settingArguments({ ...settings, port })],
    log: join(logDir, 'postgres.log'),
    stopSignal: 'SIGINT',
    ...(ids && { ids }),
  })
  const url = `postgres://postgres:${password}@127.0.0.1:${port}/postgres`
  await waitUntilReady('PostgreSQL', [child], () => acceptsConnections(url), startMsMax)
  return url
}

// The same for every contestant. A million products and their documents take 7 GB; half of their documents fit.
const settings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: 300,
  shared_buffers: '1GB',
  max_wal_size: '8GB',
  // An index read costs what a sequential one costs on the disks of today.
  random_page_cost: 1.1,
}

const settingArguments = (all: Readonly<Record<string, string | number>>) =>
  Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])

interface Account {
  readonly ids?: { readonly uid: number; readonly gid: number }
  readonly directory: string
}

// PostgreSQL refuses to run as root: the user of Debian's package runs it then, in a place that he can reach.
const chooseAccount = async (): Promise<Account> => {
  const ownDir = join(process.cwd(), '.data', 'bench', 'postgres')
  if (process.getuid?.() !== 0) return { directory: ownDir }
  const [uid, gid] = await Promise.all([idOf('-u'), idOf('-g')])
  return { ids: { uid, gid }, directory: '/var/tmp/product-overview-bench-postgres' }
}

const idOf = async (flag: '-u' | '-g') => {
  const { stdout } = await run('id', [flag, 'postgres']).catch((cause: unknown) => {
    throw new Error(
      'PostgreSQL does not run as root, and there is no user postgres: set DATABASE_URL',
      {
        cause,
      },
    )
  })
  return Number(stdout)
}

// Returns the password; it is written before the first initdb and never changed.
const ensureData = async (programs: string, directory: string, ids: Account['ids']) => {
  const passwordFile = join(directory, 'password')
  if (existsSync(join(directory, 'data', 'PG_VERSION'))) return readFile(passwordFile, 'utf8')
  const password = randomBytes(18).toString('base64url')
  await mkdir(directory, { recursive: true, mode: 0o700 })
  await writeFile(passwordFile, password, { mode: 0o600 })
  if (ids) {
    await chown(directory, ids.uid, ids.gid)
    await chown(passwordFile, ids.uid, ids.gid)
  }
  const how = ['--username=postgres', '--auth=scram-sha-256', '--encoding=UTF8', '--locale=C']
  const where = [`--pwfile=${passwordFile}`, `--pgdata=${join(directory, 'data')}`]
  // initdb enters the folder that it is started in, which may be closed to its user.
  await run(join(programs, 'initdb'), [...how, ...where], { ...ids, cwd: directory })
  return password
}

const acceptsConnections = async (url: string) => {
  const client = new Client(url)
  try {
    await client.connect()
    return true
  } catch {
    return false
  } finally {
    await client.end()
  }
}
