import { constants } from 'node:fs'
import { copyFile, mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { askServer } from './ask-server.ts'
import type { EmbeddedPostgres } from './run-postgres.ts'

/** A checkpoint comes first, which under an import writes hundreds of megabytes. */
const backupMsMax = 600_000

/**
 * Copies the data of a running server into the new folder `target`, to be started from with the log since: the low-level
 * base backup of PostgreSQL's manual (25.3.4), because the npm package has no pg_basebackup. The server must run on this
 * machine, and its data be readable for us.
 */
export const takeBaseBackup = (
  primary: Pick<EmbeddedPostgres, 'url' | 'dataDir'>,
  target: string,
  signal?: AbortSignal,
): Promise<void> =>
  // The backup lasts as long as its connection does; a copy that fails needs no clearing up at the server.
  askServer(primary.url, backupMsMax, async (client) => {
    await client.query("select pg_backup_start('replica', fast => true)")
    await copyFolder(primary.dataDir, target, signal)
    const { rows } = await client.query<{ labelfile: string }>(
      'select labelfile from pg_backup_stop(wait_for_archive => false)',
    )
    // Without it PostgreSQL would recover from the newest checkpoint, and pages copied before it would stay torn.
    await writeFile(join(target, 'backup_label'), rows[0]?.labelfile ?? '', { mode: 0o600 })
  })

const copyFolder = async (from: string, to: string, signal?: AbortSignal) => {
  const entries = await readdir(from, { withFileTypes: true })
  await mkdir(to, { mode: 0o700 })
  for (const entry of entries) {
    signal?.throwIfAborted()
    const [source, copy] = [join(from, entry.name), join(to, entry.name)]
    if (leftOut.test(entry.name)) continue
    if (entry.isDirectory() && emptied.has(entry.name)) await mkdir(copy, { mode: 0o700 })
    else if (entry.isDirectory()) await copyFolder(source, copy, signal).catch(unlessGone)
    else await copyFile(source, copy, constants.COPYFILE_FICLONE).catch(unlessGone)
  }
}

// A table or a database may be dropped while we copy; the log says so to whoever starts from the copy.
const unlessGone = (error: NodeJS.ErrnoException) => {
  if (error.code !== 'ENOENT') throw error
}

/** What belongs to the running server and would confuse another one. */
const leftOut = /^(postmaster\.(pid|opts)|pgsql_tmp.*|pg_internal\.init|.*\.auto\.conf\.tmp)$/

/** Folders whose contents are made anew at the start, come with the log, or are the server's own (slots). */
const emptied = new Set([
  'pg_wal',
  'pg_replslot',
  'pg_dynshmem',
  'pg_notify',
  'pg_serial',
  'pg_snapshots',
  'pg_stat_tmp',
  'pg_subtrans',
])
