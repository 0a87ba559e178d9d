import { execFile } from 'node:child_process'
import {
  chown,
  mkdir,
  mkdtemp,
  readFile,
  readdir,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { LocalError } from './local-error.ts'
import { majorOf, programPath } from './postgres-binaries.ts'
import type { PostgresSite } from './postgres-site.ts'
import { runProgram } from './run-program.ts'

const workshopPrefix = 'initdb-'

export interface DataOptions {
  /** The superuser's password, used when the folder is made. */
  readonly password: string
  /** Whether the files of a new folder are synced to disk; tests do without. */
  readonly durable: boolean
  readonly signal?: AbortSignal | undefined
}

/**
 * Sees to it that the data folder exists, belongs to the account and was made by this major version; makes it when it
 * is missing. Throws, saying what to do, when another version or another user made it.
 */
export const ensureData = async (site: PostgresSite, options: DataOptions) => {
  const version = await readFile(join(site.dataDir, 'PG_VERSION'), 'utf8').catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined
      throw error
    },
  )
  if (version === undefined) return createData(site, options)
  checkMajor(site, version.trim())
  return ensureOwner(site)
}

const checkMajor = ({ binaries, dataDir }: PostgresSite, version: string) => {
  if (version === majorOf(binaries)) return
  throw new LocalError(
    `expected data of PostgreSQL ${majorOf(binaries)} in ${dataDir}, but PostgreSQL ${version} made it: ` +
      'delete the folder, and it is filled anew',
  )
}

/** Sees to it that the data folder belongs to the account; only root can give it another owner. */
export const ensureOwner = async ({
  account,
  dataDir,
}: Pick<PostgresSite, 'account' | 'dataDir'>) => {
  const { uid } = await stat(dataDir)
  if (uid === account.uid) return
  if (process.getuid?.() !== 0)
    throw new LocalError(
      `expected ${dataDir} to belong to uid ${account.uid}, but it belongs to uid ${uid}: ` +
        'start as that user, or delete the folder',
    )
  // Root has run it in a user namespace before, and now that is forbidden.
  await promisify(execFile)('chown', ['-R', `${account.uid}:${account.gid}`, dataDir])
}

// Made beside its place and renamed when complete, so that a start that was killed leaves no half of a database.
const createData = async (site: PostgresSite, { password, durable, signal }: DataOptions) => {
  const parent = dirname(site.dataDir)
  await mkdir(parent, { recursive: true, mode: 0o711 })
  await removeWorkshops(parent, workshopPrefix)
  const workshop = await mkdtemp(join(parent, workshopPrefix))
  try {
    const passwordFile = join(workshop, 'password')
    await writeFile(passwordFile, password, { mode: 0o600 })
    await chown(passwordFile, site.account.uid, site.account.gid)
    await chown(workshop, site.account.uid, site.account.gid)
    await runProgram(
      programPath(site.binaries, 'initdb'),
      [
        ...initdbArguments,
        ...(durable ? [] : ['--no-sync']),
        `--pwfile=${passwordFile}`,
        `--pgdata=${join(workshop, 'data')}`,
      ],
      { account: site.account, signal },
    )
    await rename(join(workshop, 'data'), site.dataDir)
  } finally {
    await rm(workshop, { recursive: true, force: true })
  }
}

/** Removes folders of a killed start, in which data was being made. */
export const removeWorkshops = async (parent: string, prefix: string) => {
  const left = (await readdir(parent)).filter((name) => name.startsWith(prefix))
  for (const name of left) await rm(join(parent, name), { recursive: true })
}

// The collation comes with PostgreSQL itself, so that text sorts alike whatever locales the machine has.
const initdbArguments = [
  '--username=postgres',
  '--auth=scram-sha-256',
  '--encoding=UTF8',
  '--locale=C',
  '--locale-provider=builtin',
  '--builtin-locale=C.UTF-8',
]
