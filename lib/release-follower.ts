import type { ChangeFollower } from './change-follower.ts'
import { memoryMs } from './database-lag.ts'
import { watchDatabase } from './database-watch.ts'
import type { Database } from './database.ts'
import type { Log } from './log.ts'
import type { ListVersion, Pointer, Poll } from './poll.ts'

/** Knows which release is live and which databases can be read for it. */
export interface ReleaseFollower {
  /** The release that readers are given now; undefined before the first was seen. */
  readonly release: () => number | undefined
  /** How far its lists have changed, as the database ahead of the others has shown; undefined before it was seen. */
  readonly list: () => ListVersion | undefined
  /** A database that answers and has shown the current release and all changes, so that it has all of its data. */
  readonly canRead: (database: Database) => boolean
  /** Whether there is another one of that kind. */
  readonly canReadOther: (database: Database) => boolean
  /** Why nothing can be read now; undefined when something can. */
  readonly obstacle: () => string | undefined
  /** Asks a database what it shows now, because it, or the release that was read, may be gone. */
  readonly recheck: (database: Database) => Promise<void>
  /** Begins to follow; settles when each database has answered or failed once. */
  readonly start: () => Promise<void>
  readonly stop: () => void
}

export interface FollowerOptions {
  readonly pollMs: number
  readonly changes: Pick<ChangeFollower, 'note' | 'forget' | 'isBehind'>
  readonly log: Log
  /** Another release is live from this moment on. */
  readonly onSwitch: (release: number) => void
  /** A database came or went, or shows another release. */
  readonly onChange: () => void
}

/**
 * Follows catalog.live and catalog.change on every database by polling. Polls reach standbys, hold no session that a restart could
 * lose, and are the health check as well; they cost one statement four times a second.
 */
export const followReleases = (
  databases: readonly Database[],
  { pollMs, changes, log, onSwitch, onChange }: FollowerOptions,
): ReleaseFollower => {
  let current: Pointer | undefined

  const noteAnswer = (database: Database, poll: Poll | undefined) => {
    if (!database.up) log.info({ database: database.name }, 'the database answers')
    notePointer(database, poll?.pointer)
    changes.note(database, poll, current?.release)
    database.up = true
    database.answeredAt = performance.now()
    onChange()
  }
  const notePointer = (database: Database, pointer: Pointer | undefined) => {
    database.pointer = pointer
    const previous = current?.release
    current = newestPointer(databases, database) ?? current
    if (current === undefined || current.release === previous) return
    log.info({ release: current.release, previous }, 'another release is live')
    changes.forget()
    onSwitch(current.release)
  }
  const noteFailure = (database: Database, error: unknown) => {
    if (database.up !== false)
      log.warn({ database: database.name, err: error }, 'the database does not answer')
    database.up = false
    onChange()
  }

  const watches = new Map(
    databases.map((database) => [
      database,
      watchDatabase(database, pollMs, {
        onAnswer: (poll) => noteAnswer(database, poll),
        onFailure: (error) => noteFailure(database, error),
      }),
    ]),
  )
  const recheck = async (database: Database) => watches.get(database)?.askNow()
  const hasRelease = ({ up, pointer }: Database) =>
    up === true && pointer !== undefined && pointer.publication >= (current?.publication ?? 0)
  const canRead = (database: Database) => hasRelease(database) && !changes.isBehind(database)

  return {
    release: () => current?.release,
    list: () => newestList(databases, current?.release),
    canRead,
    canReadOther: (database) => databases.some((other) => other !== database && canRead(other)),
    obstacle: () => {
      if (databases.some(canRead)) return undefined
      if (!databases.some(({ up }) => up)) return 'no database answers'
      if (current === undefined) return 'no release is published'
      return databases.some(hasRelease)
        ? 'no database that answers has the newest changes'
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

/** Of those that answered lately, the one that answers now among them: the others are about to show a newer one too. */
const newestPointer = (databases: readonly Database[], answering: Database): Pointer | undefined =>
  databases
    .filter(
      (database) => database === answering || performance.now() - database.answeredAt < memoryMs,
    )
    .flatMap(({ pointer }) => pointer ?? [])
    .toSorted((a, b) => b.publication - a.publication)[0]

/** One that is down counts only where none is up: what it had may be lost. */
const newestList = (
  databases: readonly Database[],
  release: number | undefined,
): ListVersion | undefined => {
  const up = databases.filter((database) => database.up)
  return (up.length > 0 ? up : databases)
    .flatMap(({ list }) => list ?? [])
    .filter((list) => list.release === release)
    .toSorted((a, b) => b.changes - a.changes)[0]
}
