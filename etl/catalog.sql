-- The part of the database that outlives every release. Safe to run again and again:
--   psql "$DATABASE_URL" -f etl/catalog.sql

create schema if not exists catalog;

-- One row for each import that ever began; its tables stand in the schema release_<id>.
create table if not exists catalog.release (
  id           int generated always as identity primary key,
  state        text not null default 'loading'
               check (state in ('loading', 'ready', 'refused', 'dropped')),
  source       text not null,
  started_at   timestamptz not null default now(),
  finished_at  timestamptz,
  refusal      text,
  summary      jsonb
);

-- The pointer: one row, the release that readers are given. Publishing is one update of this row,
-- so a replica that shows the new id has replayed all of that release's data before it.
create table if not exists catalog.live (
  only_row  boolean primary key default true check (only_row),
  release   int not null references catalog.release,
  since     timestamptz not null default now()
);

-- Every move of the pointer, newest last.
create table if not exists catalog.publication (
  id            bigint generated always as identity primary key,
  release       int not null references catalog.release,
  previous      int references catalog.release,
  action        text not null check (action in ('publish', 'rollback')),
  published_at  timestamptz not null default now()
);

-- The change log: what the triggers of the live release append to, in the writer's transaction.
-- Ids are not in commit order. A reader asks for `xid >= pg_snapshot_xmin(pg_current_snapshot())` of its
-- previous poll, without the ids that it saw there: nothing is missed, on a primary or on a replica, and no long
-- transaction elsewhere holds anybody up. Writers prune it, ten minutes behind (changes.sql).
create table if not exists catalog.change (
  id           bigint generated always as identity primary key,
  xid          xid8 not null default pg_current_xact_id(),
  changed_at   timestamptz not null default clock_timestamp(),
  release      int not null,
  product_ids  int[] not null,
  -- Which answers of these products changed: product, styles, related; listed (as they stand in a list);
  -- moved (products came or went, so that every later page shifted).
  parts        text[] not null
);

-- Looked for first: `create index if not exists` locks out writers even when the index is there, and so would wait for
-- every live change that is not committed yet, at each command.
do $$
begin
  if to_regclass('catalog.change_xid') is null then
    create index change_xid on catalog.change (xid);
  end if;
  -- What a process asks for when it begins to follow a release: how many changes its lists have seen.
  if to_regclass('catalog.change_listed') is null then
    create index change_listed on catalog.change (release) include (id) where parts && '{listed,moved}';
  end if;
end
$$;

-- Below which xid all transactions were over at what time, noted by the writers that prune: what is pruned was there to be seen for ten
-- minutes, however late it was committed; and a reader that has not asked for so long can tell that it missed something.
create table if not exists catalog.change_horizon (
  at   timestamptz not null default clock_timestamp(),
  xid  xid8 not null default pg_snapshot_xmin(pg_current_snapshot())
);

-- The changes of lists that were pruned from the log: their number and the sum of their ids, which with those still there
-- are the version of a release's lists, the same in every process. Who prunes adds a row and merges those that nobody else
-- is merging, so that no writer waits for another.
create table if not exists catalog.change_total (
  release  int not null,
  changes  bigint not null,
  id_sum   bigint not null
);
