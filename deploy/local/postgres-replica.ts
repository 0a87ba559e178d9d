import { access, mkdir, mkdtemp, open, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { askServer } from './ask-server.ts'
import { takeBaseBackup } from './base-backup.ts'
import { sayWhoseFolder } from './embedded-postgres.ts'
import { LocalError } from './local-error.ts'
import { ensureOwner, removeWorkshops } from './postgres-data.ts'
import { type PostgresSite, chooseSite } from './postgres-site.ts'
import { endOrphan } from './postmaster.ts'
import { type EmbeddedPostgres, type PostgresOptions, runPostgres } from './run-postgres.ts'

const answerMsMax = 5_000
const followMsMax = 30_000
const followPollMs = 50
const workshopPrefix = 'base-backup-'

export interface ReplicaOptions extends PostgresOptions {
  /** Streamed from; on this machine. */
  readonly primary: Pick<EmbeddedPostgres, 'url' | 'port' | 'dataDir'>
  /** What the primary calls it: its slot and its application_name. Letters in lower case, digits and `_`. */
  readonly name: string
}

/**
 * Starts a streaming replica of a server of this machine, with its data in `dir`. It goes on from where it was; the first time,
 * and when it cannot (its slot or the log it needs is gone, the primary is another one), it is built anew from a base backup. While the
 * primary does not answer it starts with what it has. Resolves when it accepts connections, for reading, and follows.
 */
export const startReplica = (options: ReplicaOptions): Promise<EmbeddedPostgres> =>
  begin(options).catch(sayWhoseFolder(options.dir))

const begin = async (options: ReplicaOptions) => {
  const site = await chooseSite(options.dir)
  await endOrphan(site.dataDir)
  return (await goOn(site, options)) ?? build(site, options)
}

/** Undefined when the data is missing, of another primary, or too old to follow. */
const goOn = async (site: PostgresSite, options: ReplicaOptions) => {
  if (!(await isReplicaData(site))) return undefined
  const primarySays = await askSlot(options)
  // Nothing to build it from: it is this data or none, and what keeps it from starting is told.
  if (primarySays === undefined) return run(site, options)
  if (!(await fits(site, primarySays))) return undefined
  const replica = await run(site, options).catch(() => undefined)
  options.signal?.throwIfAborted()
  return replica !== undefined && (await follows(replica, options)) ? replica : undefined
}

const build = async (site: PostgresSite, options: ReplicaOptions) => {
  // First, because it asks the primary: without one, the data would be gone for nothing.
  await makeSlot(options)
  await rm(site.dataDir, { recursive: true, force: true })
  await createReplicaData(site, options)
  const replica = await run(site, options)
  if (await follows(replica, options)) return replica
  throw new LocalError(
    `expected the replica in ${site.dataDir} to follow its primary within ${followMsMax / 1000} s: see ${replica.logFile}`,
  )
}

const run = async (site: PostgresSite, options: ReplicaOptions) => {
  const { username, password } = new URL(options.primary.url)
  // Read before the command line's settings, and unlike those not shown to everyone by ps.
  await writeFile(
    join(site.dataDir, 'postgresql.auto.conf'),
    `primary_conninfo = 'host=127.0.0.1 port=${options.primary.port} user=${username} password=${password} ` +
      `application_name=${options.name} connect_timeout=2'\n`,
    { mode: 0o600 },
  )
  await ensureOwner(site)
  return runPostgres(site, password, {
    ...options,
    settings: { ...replicaSettings, primary_slot_name: options.name, ...options.settings },
  })
}

// Those of deploy/postgres/replica.conf, with their reasons there; and a primary that comes back is found at once.
const replicaSettings = {
  hot_standby_feedback: 'on',
  max_standby_streaming_delay: '2s',
  wal_receiver_status_interval: '1s',
  wal_receiver_timeout: '10s',
  wal_retrieve_retry_interval: '500ms',
}

// Made beside its place and renamed when complete, so that a start that was killed leaves no half of a replica.
const createReplicaData = async (site: PostgresSite, { primary, signal }: ReplicaOptions) => {
  const parent = dirname(site.dataDir)
  await mkdir(parent, { recursive: true, mode: 0o711 })
  await removeWorkshops(parent, workshopPrefix)
  const workshop = await mkdtemp(join(parent, workshopPrefix))
  try {
    const copy = join(workshop, 'data')
    await takeBaseBackup(primary, copy, signal)
    await writeFile(join(copy, 'standby.signal'), '', { mode: 0o600 })
    await ensureOwner({ account: site.account, dataDir: copy })
    await rename(copy, site.dataDir)
  } finally {
    await rm(workshop, { recursive: true, force: true })
  }
}

const makeSlot = ({ primary, name }: ReplicaOptions) =>
  askServer(primary.url, answerMsMax, async (client) => {
    // The sender of a replica that was killed may not have noticed yet, and holds the slot until then.
    await client.query(
      'select pg_terminate_backend(active_pid, 2000) from pg_replication_slots where slot_name = $1',
      [name],
    )
    await client.query(
      'select pg_drop_replication_slot(slot_name) from pg_replication_slots where slot_name = $1',
      [name],
    )
    // Reserved at once: what is written during the base backup is needed as well.
    await client.query('select pg_create_physical_replication_slot($1, true)', [name])
  })

/** Promotion removes the file; data without it is another primary's. */
const isReplicaData = ({ dataDir }: PostgresSite) =>
  access(join(dataDir, 'standby.signal')).then(
    () => true,
    () => false,
  )

interface SlotAnswer {
  /** The number that initdb gave the primary and all its copies. */
  readonly system: string
  /** Whether the slot still holds all that the replica has not got. */
  readonly holds: boolean
}

/** What the primary says about the replica's slot; undefined when it does not answer. */
const askSlot = ({ primary, name }: ReplicaOptions): Promise<SlotAnswer | undefined> =>
  askServer(primary.url, answerMsMax, async (client) => {
    const { rows } = await client.query<SlotAnswer>(
      `select system_identifier::text as system,
              exists (select from pg_replication_slots where slot_name = $1 and wal_status <> 'lost') as holds
       from pg_control_system()`,
      [name],
    )
    return rows[0]
  }).catch(() => undefined)

const fits = async (site: PostgresSite, { system, holds }: SlotAnswer) =>
  holds && (await systemOf(site)) === system

// pg_control begins with it, since ever; the package has no pg_controldata. Every platform of the package is little-endian.
const systemOf = async ({ dataDir }: PostgresSite) => {
  const file = await open(join(dataDir, 'global', 'pg_control'))
  try {
    const { buffer } = await file.read(Buffer.alloc(8), 0, 8, 0)
    return String(buffer.readBigInt64LE())
  } finally {
    await file.close()
  }
}

/**
 * Whether it comes to stream; what its slot and its data promise may still fail for a timeline that differs. One that does not
 * is stopped.
 */
const follows = async (replica: EmbeddedPostgres, options: ReplicaOptions) => {
  let isFollowing = false
  try {
    isFollowing = await comesToStream(options)
    return isFollowing
  } finally {
    if (!isFollowing) await replica.stop()
  }
}

const comesToStream = ({ primary, name, signal }: ReplicaOptions) =>
  askServer(primary.url, answerMsMax, async (client) => {
    const deadline = Date.now() + followMsMax
    while (Date.now() < deadline) {
      signal?.throwIfAborted()
      const { rowCount } = await client.query(
        `select from pg_stat_replication where application_name = $1 and state in ('catchup', 'streaming')`,
        [name],
      )
      if (rowCount === 1) return true
      await sleep(followPollMs)
    }
    return false
  })
