import type { Change } from './change.ts'
import type { Database } from './database.ts'
import { createDatabaseLag, type DatabaseLag } from './database-lag.ts'
import type { Log } from './log.ts'
import { outdatedBy } from './outdated.ts'
import type { Poll } from './poll.ts'
import type { ReplyCache } from './reply-cache.ts'
import { canTell, covers, hasShown, type Snapshot } from './snapshot.ts'

/** Knows which changes were made, drops the replies concerned, and knows which database has not shown them yet. */
export interface ChangeFollower {
  /** Takes up what a database has shown now; `release` is the one that readers are given. */
  readonly note: (database: Database, poll: Poll | undefined, release: number | undefined) => void
  /** Another release is live: the changes of the former one matter no more. */
  readonly forget: () => void
  /** Whether a database has for too long lacked a change that another one has shown, so that it is not to be read. */
  readonly isBehind: (database: Database) => boolean
  /** Whether what was read there now, for a canonical URL, is as new as all that is known. */
  readonly mayKeep: (key: string, database: Database) => boolean
  /** How many known changes a database has not shown. */
  readonly missing: (database: Database) => number
}

export interface ChangeFollowerOptions {
  readonly databases: readonly Database[]
  /** How long a database may lack a change. */
  readonly lagMsMax: number
  readonly replies: Pick<ReplyCache, 'drop' | 'disown' | 'clear'>
  /** Told of changes that no database had shown before, and how many replies they made untrue. */
  readonly onChanges: (changes: readonly Change[], replies: number) => void
  readonly log: Log
}

export const createChangeFollower = (options: ChangeFollowerOptions): ChangeFollower => {
  const { databases, lagMsMax, replies, onChanges, log } = options
  const lag = createDatabaseLag(databases, lagMsMax, log)
  const othersOf = (database: Database) =>
    databases.filter((other) => other !== database && other.snapshot !== undefined)

  const note = (database: Database, poll: Poll | undefined, release: number | undefined) => {
    const before = database.snapshot
    database.snapshot = undefined
    // Without a release it says nothing about the catalogue that the others have.
    if (poll?.pointer === undefined) return
    database.list = poll.list
    const gap = before && gapBetween(before, poll.snapshot)
    if (gap !== undefined) {
      log.info({ database: database.name, why: gap }, 'changes may be unknown: all replies go')
      replies.clear()
      // Of another server it may be far above what is to come.
      database.cut = undefined
      return
    }
    database.snapshot = poll.snapshot
    if (poll.cut !== undefined) cutAll(databases, poll.cut)
    if (before === undefined) begin(database)
    else follow(database, poll, release)
    if (before !== undefined && beginsOrEndsToTell(before, poll.snapshot)) replies.clear()
    lag.judge(database)
  }

  /** What changed before it was asked is not known: nothing cached counts, and it and the others have to be level first. */
  const begin = (database: Database) => {
    replies.clear()
    lag.missing(database).clear()
    for (const other of othersOf(database)) {
      expectFrom(other, lag, database)
      expectFrom(database, lag, other)
    }
  }

  const follow = (database: Database, { snapshot, changes }: Poll, release: number | undefined) => {
    const caughtUp = lag.missing(database).takeShown(snapshot)
    // Loads from here may have begun before it had them. What is cached was not read without them: see mayKeep.
    if (caughtUp === 'all') replies.disown()
    else if (caughtUp.length > 0) replies.disown(outdatedBy(caughtUp))
    if (changes === undefined) {
      takeTooMany(database)
      return
    }
    const ofRelease = changes.filter((change) => change.release === release)
    take(database, caughtUp === 'all' ? ofRelease : without(ofRelease, caughtUp))
  }

  const take = (database: Database, changes: readonly Change[]) => {
    if (changes.length === 0) return
    const others = othersOf(database)
    const news = changes.filter((change) => !others.some((other) => hasChange(other, change)))
    onChanges(news, replies.drop(outdatedBy(changes)))
    for (const other of others) {
      for (const change of changes) {
        if (!hasChange(other, change)) lag.missing(other).add(change, database)
      }
    }
  }

  const takeTooMany = (database: Database) => {
    const others = othersOf(database)
    // A replica that catches up brings what is known.
    if (others.some((other) => isSure(other) && hasAllOf(other, database))) return
    log.info({ database: database.name }, 'changes cannot be told apart: all replies go')
    replies.clear()
    for (const other of others) expectFrom(database, lag, other)
  }

  return {
    note,
    forget: lag.forget,
    isBehind: lag.isBehind,
    mayKeep: (key, database) => isSure(database) && !lag.missing(database).concern(key),
    missing: (database) => lag.missing(database).count(),
  }
}

/** Why a database may have changes that it has not shown one by one; then it is asked as for the first time. */
const gapBetween = (before: Snapshot, now: Snapshot): string | undefined => {
  if (now.xmax < before.xmin) return 'it is another database than before'
  if (before.inRecovery !== now.inRecovery) return 'it was promoted, or made a replica of another'
  if (now.prunedBelow > before.xmin) return 'changes were pruned before it was asked'
  return undefined
}

/** In all databases, so that what they show can be compared. */
const cutAll = (databases: readonly Database[], xid: number): void => {
  for (const database of databases) database.cut = Math.max(database.cut ?? 0, xid)
}

/**
 * While it cannot, nothing that is read there is kept, see mayKeep. What was kept before would not be dropped any more, and a load
 * that began meanwhile would be kept when it can again.
 */
const beginsOrEndsToTell = (before: Snapshot, now: Snapshot): boolean =>
  canTell(before) !== canTell(now)

const isSure = ({ snapshot }: Database): boolean => snapshot === undefined || canTell(snapshot)

const expectFrom = (witness: Database, { missing }: DatabaseLag, database: Database): void => {
  if (!hasAllOf(database, witness)) missing(database).addAll(witness)
}

const hasAllOf = ({ snapshot }: Database, { snapshot: other }: Database): boolean =>
  snapshot !== undefined && other !== undefined && covers(snapshot, other)

const hasChange = ({ snapshot }: Database, change: Change): boolean =>
  snapshot !== undefined && hasShown(snapshot, change)

const without = (changes: readonly Change[], known: readonly Change[]): readonly Change[] => {
  const names = new Set(known.map(nameOf))
  return changes.filter((change) => !names.has(nameOf(change)))
}

/** A number alone may come again after a failover. */
const nameOf = ({ xid, id }: Change): string => `${xid}:${id}`
