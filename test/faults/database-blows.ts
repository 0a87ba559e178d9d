import { askServer } from '../../deploy/local/ask-server.ts'
import type { DatabasePart } from '../../deploy/local/cluster/database-part.ts'
import { signalProcess } from '../../deploy/local/processes.ts'
import type { Blackhole } from './blackhole.ts'

const queryMsMax = 5_000

/** A database, and the way on which the instances reach it. */
export interface StruckDatabase {
  readonly part: DatabasePart
  readonly way: Blackhole
}

/** Something that happens to a database. */
export interface DatabaseBlow {
  readonly name: string
  readonly strike: (database: StruckDatabase) => Promise<void>
  /** Ends what lasts until it is ended; over at once, it has none. */
  readonly heal?: (database: StruckDatabase) => Promise<void>
}

const ofInstances = `application_name = 'product-overview'`

export const killBackend: DatabaseBlow = {
  name: 'a backend killed -9',
  strike: async ({ part }) => {
    const [backend] = await query<{ pid: number }>(
      part,
      `select pid from pg_stat_activity where ${ofInstances} limit 1`,
    )
    if (backend === undefined) throw new Error(`${part.name} has no backend to be killed`)
    // The postmaster ends all others and goes through crash recovery.
    signalProcess(backend.pid, 'SIGKILL')
  },
}

export const endConnections: DatabaseBlow = {
  name: 'all connections ended',
  strike: async ({ part }) => {
    const ended = await query(
      part,
      `select pg_terminate_backend(pid) from pg_stat_activity where ${ofInstances}`,
    )
    if (ended.length === 0) throw new Error(`${part.name} has no connections to be ended`)
  },
}

export const killPostmaster: DatabaseBlow = {
  name: 'killed -9 and gone',
  strike: ({ part }) => part.kill({ staysDown: true }),
  heal: ({ part }) => part.start(),
}

export const freeze: DatabaseBlow = {
  name: 'SIGSTOP',
  strike: ({ part }) => part.freeze(),
  heal: ({ part }) => part.thaw(),
}

export const blackhole: DatabaseBlow = {
  name: 'its traffic vanishes',
  strike: ({ way }) => Promise.resolve(way.open()),
  heal: ({ way }) => Promise.resolve(way.close()),
}

const query = <R>(part: DatabasePart, statement: string): Promise<R[]> =>
  askServer(part.url, queryMsMax, async (client) => (await client.query(statement)).rows as R[])
