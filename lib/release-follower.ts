import type { Database, Pointer } from './database.ts'
import type { Log } from './log.ts'
import { watchPointer } from './pointer-watch.ts'

/** Knows which release is live and which databases can be read for it. */
export interface ReleaseFollower {
  /** The release that readers are given now; undefined before the first was seen. */
  readonly release: () => number | undefined
  /** A database that answers and has shown the current release, so that it has all of its data. */
  readonly canRead: (database: Database) => boolean
  /** Why nothing can be read now; undefined when something can. */
  readonly obstacle: () => string | undefined
  /** Asks a database for its pointer now, because it, or the release that was read, may be gone. */
  readonly recheck: (database: Database) => Promise<void>
  /** Begins to follow; settles when each database has answered or failed once. */
  readonly start: () => Promise<void>
  readonly stop: () => void
}

export interface FollowerOptions {
  readonly pollMs: number
  readonly log: Log
  /** Another release is live from this moment on. */
  readonly onSwitch: (release: number) => void
  /** A database came or went, or shows another release. */
  readonly onChange: () => void
}

/**
 * Follows catalog.live on every database by polling. Polls reach standbys, hold no session that a restart could lose, and
 * are the health check as well; they cost four primary-key reads a second.
 */
export const followReleases = (
  databases: readonly Database[],
  { pollMs, log, onSwitch, onChange }: FollowerOptions,
): ReleaseFollower => {
  let current: Pointer | undefined

  const noteAnswer = (database: Database, pointer: Pointer | undefined) => {
    if (!database.up) log.info({ database: database.name }, 'the database answers')
    database.up = true
    database.pointer = pointer
    database.answeredAt = performance.now()
    const previous = current?.release
    current = newestPointer(databases) ?? current
    if (current !== undefined && current.release !== previous) {
      log.info({ release: current.release, previous }, 'another release is live')
      onSwitch(current.release)
    }
    onChange()
  }
  const noteFailure = (database: Database, error: unknown) => {
    if (database.up)
      log.warn({ database: database.name, err: error }, 'the database does not answer')
    database.up = false
    onChange()
  }

  const watches = new Map(
    databases.map((database) => [
      database,
      watchPointer(database, pollMs, {
        onAnswer: (pointer) => noteAnswer(database, pointer),
        onFailure: (error) => noteFailure(database, error),
      }),
    ]),
  )
  const recheck = async (database: Database) => watches.get(database)?.askNow()
  const canRead = ({ up, pointer }: Database) =>
    up && pointer !== undefined && pointer.publication >= (current?.publication ?? 0)

  return {
    release: () => current?.release,
    canRead,
    obstacle: () => {
      if (databases.some(canRead)) return undefined
      if (!databases.some(({ up }) => up)) return 'no database answers'
      return current === undefined
        ? 'no release is published'
        : 'no database that answers has the live release'
    },
    recheck,
    start: async () => {
      await Promise.all(databases.map(recheck))
    },
    stop: () => {
      for (const watch of watches.values()) watch.stop()
    },
  }
}

/** For so long a release counts that only a database has shown which went down since: the others are about to show it too. */
const pointerMemoryMs = 5000

const newestPointer = (databases: readonly Database[]): Pointer | undefined =>
  databases
    .filter(({ answeredAt }) => performance.now() - answeredAt < pointerMemoryMs)
    .flatMap(({ pointer }) => pointer ?? [])
    .toSorted((a, b) => b.publication - a.publication)[0]
