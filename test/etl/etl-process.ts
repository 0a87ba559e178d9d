import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from 'pg'
import type { Bundles } from '../lib/bundles.ts'
import { type ServerProcess, startServer } from '../lib/server-process.ts'

/** A run of the bundled ETL as an operator starts it: a process that can be killed. */
export type EtlProcess = Omit<ServerProcess, 'url'>

export interface EtlPlace {
  readonly bundles: Bundles
  readonly databaseUrl: string
  /** Where it is started, and below which it puts its temporary and its reject files. */
  readonly cwd: string
}

/** What keeps the gates quiet: in small catalogues the planted rejects weigh more than among a million products. */
export const openGates = ['--max-rejected=100', '--max-orphans=100', '--max-shrink=100']

export const startEtl = (
  { bundles, databaseUrl, cwd }: EtlPlace,
  args: readonly string[],
): EtlProcess =>
  startServer(
    [join(bundles.dir, 'etl.js'), ...args],
    { DATABASE_URL: databaseUrl, TMPDIR: cwd },
    cwd,
  )

/** Runs it to its end and gives what it said; throws when it fails. */
export const runEtl = async (place: EtlPlace, args: readonly string[]): Promise<string> => {
  const etl = startEtl(place, args)
  const { code } = await etl.ended
  if (code !== 0) throw new Error(`etl ${args.join(' ')} ended with ${code}:\n${etl.output()}`)
  return etl.output()
}

const pollMs = 2
const waitMsMax = 20_000

/** Waits until a connection of the ETL runs a statement that begins so; gives its backend's pid. */
export const backendAt = async (client: Client, statement: string): Promise<number> => {
  const deadline = performance.now() + waitMsMax
  while (performance.now() < deadline) {
    const { rows } = await client.query<{ pid: number }>(
      `select pid from pg_stat_activity
       where datname = current_database() and application_name like 'product-overview etl release%'
         and state = 'active' and query ilike $1 || '%'`,
      [statement],
    )
    if (rows[0]) return rows[0].pid
    await sleep(pollMs)
  }
  throw new Error(`no import came to «${statement}» within ${waitMsMax} ms`)
}
