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
