import type { Command } from 'commander'
import type { Client } from 'pg'
import { EtlError } from '../etl-error.ts'
import { prepareCatalog } from '../release.ts'
import { withControl } from '../session.ts'

/** Runs `work` on a connection to the database that `command` was given, with the catalog schema in place. */
export async function withDatabase(
  command: Command,
  work: (control: Client) => Promise<void>,
): Promise<void> {
  await withControl(databaseUrl(command), async (control) => {
    await prepareCatalog(control)
    await work(control)
  })
}

/** The database of --database or DATABASE_URL; throws an EtlError that names both when there is none. */
export function databaseUrl(command: Command): string {
  const { database } = command.optsWithGlobals<{ database?: string }>()
  if (database !== undefined && database !== '') return database
  throw new EtlError(
    'DATABASE_URL is not set: expected the PostgreSQL to work on, for example ' +
      'DATABASE_URL=postgres://user:password@127.0.0.1:5432/catalogue (or --database)',
  )
}
