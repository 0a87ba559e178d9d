import { join } from 'node:path'
import { withoutPassword } from '../../etl/session.ts'
import { startEmbeddedPostgres } from './embedded-postgres.ts'
import { LocalError } from './local-error.ts'

/** The database that `npm start` serves from. */
export interface LocalDatabase {
  readonly url: string
  /** What it is called in messages. */
  readonly name: string
  /** How to reach it, without the password. */
  readonly description: string
  /** Rejects when it has ended; never, when it is not ours. */
  readonly lost: Promise<never>
  /** Stops it, when it is ours. */
  readonly stop: () => Promise<void>
}

/** The database at `givenUrl`, else the embedded one with its data in `dir`. */
export const openLocalDatabase = (
  givenUrl: string | undefined,
  dir: string,
  signal: AbortSignal,
): Promise<LocalDatabase> =>
  givenUrl ? Promise.resolve(givenDatabase(givenUrl)) : embeddedDatabase(dir, signal)

const givenDatabase = (url: string): LocalDatabase => ({
  url,
  name: `DATABASE_URL (${withoutPassword(url)})`,
  description: `${withoutPassword(url)} (DATABASE_URL)`,
  lost: new Promise(() => undefined),
  stop: () => Promise.resolve(),
})

const embeddedDatabase = async (dir: string, signal: AbortSignal): Promise<LocalDatabase> => {
  const postgres = await startEmbeddedPostgres({ dir, signal })
  const lost = postgres.ended.then(() => {
    throw new LocalError(`PostgreSQL has ended: its log is ${postgres.logFile}`)
  })
  // Asked for only once the server runs; until then its end shows as a failed import.
  lost.catch(() => undefined)
  return {
    url: postgres.url,
    name: 'the embedded PostgreSQL',
    description: `${withoutPassword(postgres.url)} (password: ${join(dir, 'password')}, data: ${postgres.dataDir})`,
    lost,
    stop: postgres.stop,
  }
}
