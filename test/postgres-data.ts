import { execFile } from 'node:child_process'
import { mkdir } from 'node:fs/promises'
import { promisify } from 'node:util'
import { ensurePassword } from '../deploy/local/embedded-postgres.ts'
import { ensureData } from '../deploy/local/postgres-data.ts'
import { chooseSite } from '../deploy/local/postgres-site.ts'
import { onceForRun } from './once-for-run.ts'

/**
 * Fills a folder with the data of a new database, where `startEmbeddedPostgres` finds it: initdb takes a second, a copy of what it made
 * once for the run a tenth of that. All copies have the same password and are, to a replica, the same database.
 */
export const copyPostgresData = async (dir: string): Promise<void> => {
  const made = await onceForRun('postgres-data', makeData)
  await mkdir(dir, { recursive: true })
  // With the owner, who may be another user when root runs the tests.
  await promisify(execFile)('cp', ['-a', `${made}/.`, dir])
}

const makeData = async (dir: string): Promise<void> => {
  const site = await chooseSite(dir)
  await ensureData(site, { password: await ensurePassword(dir), durable: false })
}
