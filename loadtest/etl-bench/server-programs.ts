import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { findPostgresPrograms } from '../bench/postgres-programs.ts'

const run = promisify(execFile)

export interface ServerPrograms {
  /** The folder of initdb, postgres and psql. */
  readonly programs: string
  /** Who runs them when we may not: PostgreSQL refuses to run as root. */
  readonly ids: { readonly uid: number; readonly gid: number } | undefined
  /** Where its data go: the user must be able to reach it. */
  readonly parentDir: string
}

/** The PostgreSQL installed on this machine; throws when there is none: the npm package has no psql. */
export const findServerPrograms = async (): Promise<ServerPrograms> => {
  const programs = await findPostgresPrograms()
  if (programs === undefined) {
    throw new Error(
      'expected the programs of a PostgreSQL on this machine (apt-get install postgresql), found none',
    )
  }
  if (process.getuid?.() !== 0) {
    return { programs, ids: undefined, parentDir: join(process.cwd(), '.data', 'etl-bench') }
  }
  return { programs, ids: { uid: await idOf('-u'), gid: await idOf('-g') }, parentDir: '/var/tmp' }
}

const idOf = async (flag: '-u' | '-g') => {
  const { stdout } = await run('id', [flag, 'postgres'])
  return Number(stdout)
}
