-- Moves the pointer: readers see one release or the other, never a part of each.
-- $1 release id, $2 'publish' or 'rollback'.
with previous as (
  select release from catalog.live
), moved as (
  insert into catalog.live (release) values ($1::int)
  on conflict (only_row) do update set release = excluded.release, since = now()
  returning release
)
insert into catalog.publication (release, previous, action)
select moved.release, (select release from previous), $2::text from moved
