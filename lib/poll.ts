import type { Change } from './change.ts'
import { countShown, readIdRanges, type Snapshot } from './snapshot.ts'

/**
 * How many changes one poll may bring, and how many ids; past either it says only that there were too many. 20,000 ids hold up
 * the event loop for 20 to 100 ms, by how many answers of each changed.
 */
const changesMax = 1000
const idsMax = 20_000
/**
 * How many changes may come while one transaction lasts. Each poll passes over them, at 1 µs each; past it the changes of
 * transactions that began before are not waited for one by one: all replies go when the last of them is over.
 */
const windowMax = 20_000

/** What catalog.live said: which release readers are given, and by which move of the pointer. */
export interface Pointer {
  readonly release: number
  /** Grows with every publish and rollback, so that of two databases the one behind can be told. */
  readonly publication: number
}

/** How far the lists of a release have changed: the same in every process that has seen the same changes. */
export interface ListVersion {
  readonly release: number
  /** How many changes of lists there were, and the sum of their ids. */
  readonly changes: number
  readonly idSum: number
}

/** What one database showed at one moment. */
export interface Poll {
  /** undefined when no release was published. */
  readonly pointer: Pointer | undefined
  readonly snapshot: Snapshot
  /** Those that were not there when it was asked before; undefined when there are too many to tell. */
  readonly changes: readonly Change[] | undefined
  /** undefined as the pointer. */
  readonly list: ListVersion | undefined
}

/** What a database showed when it was asked before; without the snapshot it is asked as for the first time. */
export interface LastPoll {
  readonly snapshot: Snapshot | undefined
  readonly list: ListVersion | undefined
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
    select snapshot, greatest(pg_snapshot_xmin(snapshot), $4::xid8) as xmin,
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
    (select coalesce(max(id), 0)::float8 from catalog.publication) as publication,
    xmin::text,
    xmin > pg_snapshot_xmin(snapshot) as is_cut,
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
  readonly publication: number
  readonly xmin: string
  readonly is_cut: boolean
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
    last.snapshot === undefined ? null : lowestXmin(last.snapshot),
  ],
})

/** The version to count on from; undefined when it has to be asked for. */
const countedList = ({ snapshot, list }: LastPoll): ListVersion | undefined =>
  snapshot === undefined || snapshot.isPartial ? undefined : list

const lowestXmin = (snapshot: Snapshot): number | null => {
  if (countShown(snapshot) > windowMax) return snapshot.xmax
  return snapshot.isCut ? snapshot.xmin : null
}

/** What its one row says. */
export const readPoll = (row: PollRow, last: LastPoll): Poll => ({
  pointer:
    row.release === null ? undefined : { release: row.release, publication: row.publication },
  snapshot: {
    xmin: Number(row.xmin),
    isCut: row.is_cut,
    xmax: Number(row.xmax),
    shown: row.shown,
    shownRanges: readIdRanges(row.shown),
    prunedBelow: Number(row.pruned_below),
    isPartial: row.is_partial,
    inRecovery: row.in_recovery,
  },
  changes: row.changes ?? undefined,
  list: listVersion(row, last),
})

const listVersion = (
  { release, list_changes, list_id_sum }: PollRow,
  last: LastPoll,
): ListVersion | undefined => {
  if (release === null) return undefined
  const counted = countedList(last)
  const before = counted?.release === release ? counted : { changes: 0, idSum: 0 }
  return {
    release,
    changes: before.changes + list_changes,
    idSum: before.idSum + list_id_sum,
  }
}
