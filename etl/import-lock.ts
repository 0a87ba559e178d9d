import type pg from 'pg'
import { EtlError } from './etl-error.ts'

/** Both halves of the advisory lock's key: any two numbers that nobody else uses in this database. */
const lockKey = [0x0070726f, 0x64756374] as const

/**
 * Makes this connection the only one that may write releases; the lock ends with the connection, within
 * a second when the process is killed. Throws an `EtlError` that names the holder when another one has it.
 */
export async function takeImportLock(control: pg.Client): Promise<void> {
  await noticeKill(control)
  const { rows } = await control.query<{ taken: boolean }>(
    'select pg_try_advisory_lock($1, $2) as taken',
    [...lockKey],
  )
  if (rows[0]?.taken === true) return
  throw new EtlError(`another import holds the lock of this database: ${await holder(control)}`)
}

/**
 * Without this, a backend in the middle of a long statement (digesting a full set takes a minute) would hold the lock of
 * a killed process until it is done. Where the system cannot tell that a client is gone, it stays so.
 */
async function noticeKill(control: pg.Client): Promise<void> {
  await control.query("set client_connection_check_interval = '1s'").catch(() => {})
}

async function holder(control: pg.Client): Promise<string> {
  const { rows } = await control.query<{ pid: number; client: string; since: Date; doing: string }>(
    `select a.pid, coalesce(host(a.client_addr), 'a local socket') as client,
            a.backend_start as since, a.application_name as doing
     from pg_locks l join pg_stat_activity a on a.pid = l.pid
     where l.locktype = 'advisory' and l.classid = $1::oid and l.objid = $2::oid and l.granted
       and l.database = (select oid from pg_database where datname = current_database())`,
    [...lockKey],
  )
  const [found] = rows
  if (!found) return 'it ended just now, try again'
  return `backend ${found.pid} (${found.doing}) from ${found.client}, since ${found.since.toISOString()}`
}
