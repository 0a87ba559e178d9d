-- The release to go back to from the release $1: the one that was live when $1 was published; when that one is gone, the one
-- before it, and so on. Rollbacks do not count, or the second of two would undo the first.

with recursive before as (
  select p.previous as release, p.id as publication
  from (
    select * from catalog.publication
    where release = $1 and action = 'publish' order by id desc limit 1
  ) as p
  union all
  select p.previous, p.id
  from before
  cross join lateral (
    select * from catalog.publication
    where release = before.release and action = 'publish' and id < before.publication
    order by id desc limit 1
  ) as p
)
select r.id
from before
join catalog.release r on r.id = before.release
where r.state in ('ready', 'refused') and r.id <> $1
order by before.publication desc
limit 1;
