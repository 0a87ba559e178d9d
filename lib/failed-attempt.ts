import type { Database } from './database.ts'

/** Something that failed on one database; the cause is what its driver or a deadline said. */
export class FailedAttempt extends Error {
  override name = 'FailedAttempt'
  readonly database: Database

  constructor(database: Database, cause: unknown) {
    super('the attempt failed', { cause })
    this.database = database
  }
}
