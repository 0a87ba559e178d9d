import { join } from 'node:path'
import { ensurePassword, startEmbeddedPostgres } from '../embedded-postgres.ts'
import { findFreePort } from '../free-port.ts'
import { startReplica } from '../postgres-replica.ts'
import { chooseSite } from '../postgres-site.ts'
import { type EmbeddedPostgres, type PostgresOptions, postgresUrl } from '../run-postgres.ts'
import { type ClusterObserver, type ClusterPart, createPart } from './cluster-part.ts'

/** A PostgreSQL of the cluster; its pid is the postmaster's, its address stays the same. */
export interface DatabasePart extends ClusterPart {
  readonly role: 'primary' | 'replica'
  readonly dataDir: string
}

export interface DatabaseOptions {
  /** The cluster's folder; each database has one of its own in it. */
  readonly dir: string
  readonly durable: boolean
  /** Ends starts that are under way. */
  readonly signal: AbortSignal
}

/** The database that is written to. */
export const createPrimary = async (
  options: DatabaseOptions,
  observer: ClusterObserver,
): Promise<DatabasePart> => {
  const dir = join(options.dir, 'primary')
  const password = await ensurePassword(dir)
  return createDatabase('primary', 'primary', { dir, password }, observer, (port) =>
    startEmbeddedPostgres({ ...options, dir, port }),
  )
}

/** The streaming replica of this number, from 1; its data is made when it is first started, from a primary that runs. */
export const createReplica = async (
  number: number,
  primary: DatabasePart,
  options: DatabaseOptions,
  observer: ClusterObserver,
): Promise<DatabasePart> => {
  const dir = join(options.dir, `replica-${number}`)
  const { password, port } = new URL(primary.url)
  const from = { url: primary.url, port: Number(port), dataDir: primary.dataDir }
  return createDatabase('replica', `replica ${number}`, { dir, password }, observer, (own) =>
    startReplica({ ...options, dir, port: own, primary: from, name: `replica_${number}` }),
  )
}

const createDatabase = async (
  role: DatabasePart['role'],
  name: string,
  { dir, password }: Pick<PostgresOptions, 'dir'> & { readonly password: string },
  observer: ClusterObserver,
  begin: (port: number) => Promise<EmbeddedPostgres>,
): Promise<DatabasePart> => {
  const { dataDir } = await chooseSite(dir)
  // Chosen once: the instances are told where it is when they start.
  const port = await findFreePort()
  const url = postgresUrl(password, port)
  const part = createPart({ name, url, begin: () => begin(port) }, observer)
  return { ...part, role, dataDir }
}
