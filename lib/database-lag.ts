import type { Database } from './database.ts'
import type { Log } from './log.ts'
import { createMissingChanges, type MissingChanges } from './missing-changes.ts'

/** Knows what each database lacks of what others have shown, and for how long. */
export interface DatabaseLag {
  readonly missing: (database: Database) => MissingChanges
  /** Whether it has lacked something for too long, so that it is not to be read. */
  readonly isBehind: (database: Database) => boolean
  /** Reckons, once it has shown what it has now, whether there is still somebody whom it could catch up with. */
  readonly judge: (database: Database) => void
  readonly forget: () => void
}

/**
 * What a database that went down has shown is waited for in the others for so long. So no answer is older than what was given
 * before by more than this, and reads go on within 5 s without a primary whose last changes are lost.
 */
export const memoryMs = 3000

export const createDatabaseLag = (
  databases: readonly Database[],
  lagMsMax: number,
  log: Log,
): DatabaseLag => {
  const missing = new Map(databases.map((database) => [database, createMissingChanges()]))
  /** When each last answered and was not behind. */
  const soundAt = new Map<Database, number>()

  const missingAt = (database: Database) => missing.get(database) as MissingChanges
  const isBehind = (database: Database) => missingAt(database).ms() > lagMsMax
  const isInSight = (database: Database) =>
    performance.now() - (soundAt.get(database) ?? -Infinity) < memoryMs
  const othersOf = (database: Database) => databases.filter((other) => other !== database)

  const goOnWithout = (database: Database) => {
    log.warn(
      { database: database.name },
      'changes that only lost databases had are not waited for any longer',
    )
    missingAt(database).clear()
    // Should they come back, what was kept meanwhile may lack those changes: they begin anew.
    for (const lost of othersOf(database)) lost.snapshot = undefined
  }

  return {
    missing: missingAt,
    isBehind,
    judge: (database) => {
      if (isBehind(database) && !othersOf(database).some(isInSight)) goOnWithout(database)
      if (!isBehind(database)) soundAt.set(database, performance.now())
    },
    forget: () => {
      for (const each of missing.values()) each.clear()
    },
  }
}
