import type { Change } from './change.ts'
import { countShown, hasEnded, readIdRanges, type Snapshot } from './snapshot.ts'

/**
 * How many changes one poll may bring, and how many ids; past either it says only that there were too many. 20,000 ids hold up
 * the event loop for 20 to 100 ms, by how many answers of each changed.
 */
const changesMax = 1000
const idsMax = 20_000
/**
 * How many changes may come while one transaction lasts. Each poll passes over them, at 1 µs each; past it the log is cut in
 * their middle. What outlasted that many, such as an import, is not waited for change by change: all replies go when it is over.
 */
const windowMax = 20_000
const windowAfterCut = 10_000

/** What catalog.live said: which release readers are given, and by which move of the pointer. */
export interface Pointer {
  readonly release: number
  /** Grows with every publish and rollback, so that of two databases the one behind can be told. */
  readonly publication: number
}

/** How far the lists of a release have changed: the same in every process that has seen the same changes. */
export interface ListVersion {
  readonly release: number
  /** When its import began, in ms since 1970: a catalogue that is made anew counts its releases from 1 again. */
  readonly began: number
  /** How many changes of lists there were, and the sum of their ids. */
  readonly changes: number
  readonly idSum: number
}

/** What one database showed at one moment. */
export interface Poll {
  /** undefined when no release was published. */
  readonly pointer: Pointer | undefined
  readonly snapshot: Snapshot
  /** Those that were not there when it was asked before; undefined when there are too many to tell, or some were given up. */
  readonly changes: readonly Change[] | undefined
  /** undefined as the pointer. */
  readonly list: ListVersion | undefined
  /** From which transaction on all databases are to be asked, because this one shows more changes than a poll may pass over. */
  readonly cut: number | undefined
}

/** What a database showed when it was asked before; without the snapshot it is asked as for the first time. */
export interface LastPoll {
  readonly snapshot: Snapshot | undefined
  readonly list: ListVersion | undefined
  /** The lowest xmin: the same in all databases, or what they show while it is theirs could not be compared. */
  readonly cut: number | undefined
}

/**
 * One statement and so one snapshot: the pointer, what the change log shows, and how many changes the lists of the live release
 * have seen. $1 and $2 are xmin and ids of the snapshot before, without which it takes no changes; $3 is the release whose list
 * version is known, for which it counts the new changes only; $4 the lowest xmin.
 *
 * Ids are not in commit order, and a standby's snapshot does not list what is under way. So each poll takes what stands at or
 * above the xmin of the poll before, and not what that poll saw there; then neither a late commit is missed nor does a
 * long transaction, such as an import, have every poll bring again what came since it began. What stands at or above xmax was
 * restored from a dump of another server.
 */
const pollText = `
  with asked as materialized (
    select snapshot,
      least(greatest(pg_snapshot_xmin(snapshot), $4::xid8), pg_snapshot_xmax(snapshot)) as xmin,
      (select release from catalog.live) as release
    from pg_current_snapshot() as snapshot
  ), fresh as materialized (
    select id, xid, changed_at, release, product_ids, parts from catalog.change
    where xid >= $1::xid8 and xid < (select pg_snapshot_xmax(snapshot) from asked)
      and not id <@ $2::int8multirange
    limit ${changesMax + 1}
  ), listed as (
    select count(*) as changes, sum(id) as id_sum from fresh
    where $3::int = (select release from asked)
      and release = $3::int and parts && '{listed,moved}'
    union all
    select count(*), sum(id) from catalog.change
    where $3::int is distinct from (select release from asked)
      and release = (select release from asked) and parts && '{listed,moved}'
    union all
    select sum(changes), sum(id_sum) from catalog.change_total
    where $3::int is distinct from (select release from asked)
      and release = (select release from asked)
  )
  select
    release,
    (
      select floor(1000 * extract(epoch from started_at))::float8 from catalog.release
      where id = asked.release
    ) as began,
    (select coalesce(max(id), 0)::float8 from catalog.publication) as publication,
    xmin::text,
    case when xmin = pg_snapshot_xmin(snapshot) or not pg_is_in_recovery() then array(
      select xid::text::float8 from pg_snapshot_xip(snapshot) as xid where xid < asked.xmin
    ) end as under_way,
    (
      select xid::text from catalog.change
      where xid >= asked.xmin and xid < pg_snapshot_xmax(snapshot)
      order by xid desc offset ${windowAfterCut} limit 1
    ) as middle,
    pg_snapshot_xmax(snapshot)::text as xmax,
    pg_is_in_recovery() as in_recovery,
    (
      select xid::text from catalog.change_horizon
      where at < clock_timestamp() - interval '10 minutes' and xid < pg_snapshot_xmax(snapshot)
      order by at desc limit 1
    ) as pruned_below,
    (select count(*) > ${changesMax} from fresh) as is_partial,
    (
      select coalesce(range_agg(int8range(id, id, '[]'))::text, '{}') from catalog.change
      where xid >= asked.xmin and xid < pg_snapshot_xmax(snapshot)
    ) as shown,
    case when (
      select count(*) <= ${changesMax} and coalesce(sum(cardinality(product_ids)), 0) <= ${idsMax}
      from fresh
    ) then (
      select coalesce(json_agg(json_build_object(
        'id', id,
        'xid', xid::text::bigint,
        'ageMs', 1000 * extract(epoch from clock_timestamp() - changed_at),
        'release', release,
        'productIds', product_ids,
        'parts', parts
      )), '[]') from fresh
    ) end as changes,
    (select coalesce(sum(changes), 0)::float8 from listed) as list_changes,
    (select coalesce(sum(id_sum), 0)::float8 from listed) as list_id_sum
  from asked`

/** As the statement gives it. */
export interface PollRow {
  readonly release: number | null
  readonly began: number | null
  readonly publication: number
  readonly xmin: string
  readonly under_way: readonly number[] | null
  readonly middle: string | null
  readonly xmax: string
  readonly in_recovery: boolean
  readonly pruned_below: string | null
  readonly is_partial: boolean
  readonly shown: string
  readonly changes: readonly Change[] | null
  readonly list_changes: number
  readonly list_id_sum: number
}

/** The statement that asks a database what is new since `last`. */
export const pollQuery = (last: LastPoll) => ({
  name: 'poll',
  text: pollText,
  values: [
    last.snapshot?.xmin ?? null,
    last.snapshot?.shown ?? '{}',
    countedList(last)?.release ?? null,
    last.cut ?? null,
  ],
})

/** The version to count on from; undefined when it has to be asked for. */
const countedList = ({ snapshot, list }: LastPoll): ListVersion | undefined =>
  snapshot === undefined || snapshot.isPartial ? undefined : list

/** What its one row says. */
export const readPoll = (row: PollRow, last: LastPoll): Poll => {
  const snapshot = readSnapshot(row)
  const hasUnknown = last.snapshot !== undefined && hasEnded(last.snapshot, snapshot)
  return {
    pointer:
      row.release === null ? undefined : { release: row.release, publication: row.publication },
    snapshot: hasUnknown ? { ...snapshot, isPartial: true } : snapshot,
    changes: hasUnknown ? undefined : (row.changes ?? undefined),
    list: listVersion(row, last),
    cut: cutOf(snapshot, row.middle),
  }
}

const readSnapshot = (row: PollRow): Snapshot => ({
  xmin: Number(row.xmin),
  underWay: row.under_way ?? undefined,
  xmax: Number(row.xmax),
  shown: row.shown,
  shownRanges: readIdRanges(row.shown),
  prunedBelow: Number(row.pruned_below),
  isPartial: row.is_partial,
  inRecovery: row.in_recovery,
})

/** Behind the transaction in the middle, or one that wrote more than a poll may pass over would never be cut off. */
const cutOf = (snapshot: Snapshot, middle: string | null): number | undefined =>
  middle !== null && countShown(snapshot) > windowMax ? Number(middle) + 1 : undefined

const listVersion = (
  { release, began, list_changes, list_id_sum }: PollRow,
  last: LastPoll,
): ListVersion | undefined => {
  if (release === null || began === null) return undefined
  const counted = countedList(last)
  const before = counted?.release === release ? counted : { changes: 0, idSum: 0 }
  return {
    release,
    began,
    changes: before.changes + list_changes,
    idSum: before.idSum + list_id_sum,
  }
}
