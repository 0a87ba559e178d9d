import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmbeddedPostgres } from '../../deploy/local/embedded-postgres.ts'
import { removeEmbeddedPostgres } from '../../deploy/local/embedded-postgres.ts'
import { startReplica } from '../../deploy/local/postgres-replica.ts'
import { signalProcess } from '../../deploy/local/processes.ts'
import { runStatement } from '../database.ts'
import { copyPostgresData } from '../postgres-data.ts'
import { type CatalogueLines, importLines } from './catalogue.ts'

/** A primary with a catalogue and its streaming replica, each a PostgreSQL of its own. */
export interface Replicated {
  readonly primaryUrl: string
  readonly replicaUrl: string
  /** The replica receives what the primary writes and shows none of it. */
  readonly pause: () => Promise<void>
  readonly resume: () => Promise<void>
  /** `kill -9` of the primary's postmaster. */
  readonly killPrimary: () => Promise<void>
  /** Starts it again at its address. */
  readonly startPrimary: () => Promise<void>
  /** Makes the replica a primary. */
  readonly promote: () => Promise<void>
  readonly drop: () => Promise<void>
}

export const startReplicated = async (lines: CatalogueLines): Promise<Replicated> => {
  const scratch = await mkdtemp(join(tmpdir(), 'product-overview-replicated-'))
  const [primaryDir, replicaDir] = [join(scratch, 'primary'), join(scratch, 'replica')]
  await copyPostgresData(primaryDir)
  const begin = (port?: number) => startEmbeddedPostgres({ dir: primaryDir, durable: false, port })
  let primary = await begin()
  await importLines(primary.url, lines)
  const replica = await startReplica({ primary, dir: replicaDir, name: 'tested', durable: false })
  const onReplica = (statement: string) => runStatement(replica.url, statement)
  return {
    primaryUrl: primary.url,
    replicaUrl: replica.url,
    pause: () => onReplica('select pg_wal_replay_pause()'),
    resume: () => onReplica('select pg_wal_replay_resume()'),
    killPrimary: async () => {
      signalProcess(primary.pid, 'SIGKILL')
      await primary.ended
    },
    startPrimary: async () => {
      primary = await begin(primary.port)
    },
    promote: () => onReplica('select pg_promote()'),
    drop: async () => {
      await Promise.all([primary.stop(), replica.stop()])
      await removeEmbeddedPostgres(primary, primaryDir)
      await removeEmbeddedPostgres(replica, replicaDir)
      await rm(scratch, { recursive: true, force: true })
    },
  }
}
