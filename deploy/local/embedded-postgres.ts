import { randomBytes } from 'node:crypto'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { LocalError } from './local-error.ts'
import { ensureData } from './postgres-data.ts'
import { chooseSite } from './postgres-site.ts'
import { endOrphan } from './postmaster.ts'
import { type EmbeddedPostgres, type PostgresOptions, runPostgres } from './run-postgres.ts'

/**
 * Starts the PostgreSQL of the npm package on a free port of 127.0.0.1, with its data in `dir`, which gets a password
 * (mode 0600) as well; the first time it makes the database. Resolves when it accepts connections; throws, with the end
 * of its log, when it does not.
 *
 * The package's own class is not used: it installs exit hooks for the whole process, takes SIGINT from the terminal
 * together with us (so the database would be gone before the server has drained), and waits without limits.
 */
export const startEmbeddedPostgres = (options: PostgresOptions): Promise<EmbeddedPostgres> =>
  begin(options).catch(sayWhoseFolder(options.dir))

/** Turns a refusal of the file system into what to do about it. */
export const sayWhoseFolder = (dir: string) => (error: NodeJS.ErrnoException) => {
  if (!accessCodes.has(error.code ?? '')) throw error
  throw new LocalError(
    `cannot use ${dir} (${error.message}): start as its owner, or choose another folder`,
    { cause: error },
  )
}

const accessCodes = new Set(['EACCES', 'EPERM', 'EROFS'])

const begin = async (options: PostgresOptions): Promise<EmbeddedPostgres> => {
  const { dir, durable = true, signal } = options
  const site = await chooseSite(dir)
  const password = await ensurePassword(dir)
  await endOrphan(site.dataDir)
  await ensureData(site, { password, durable, signal })
  return runPostgres(site, password, options)
}

/** Removes what a stopped server left on disk, its data included. */
export const removeEmbeddedPostgres = async ({ dataDir }: EmbeddedPostgres, dir: string) => {
  // Root's data may stand in a folder of its own: see chooseSite.
  await rm(dirname(dataDir), { recursive: true, force: true })
  await rm(dir, { recursive: true, force: true })
}

/** The superuser's password, written before the first initdb and never changed: the database knows only its hash. */
export const ensurePassword = async (dir: string): Promise<string> => {
  await mkdir(dir, { recursive: true })
  const file = join(dir, 'password')
  await writeFile(file, randomBytes(18).toString('base64url'), { flag: 'wx', mode: 0o600 }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error
    },
  )
  return readFile(file, 'utf8')
}
