-- A line for each table of the catalogue and of its live release: rows, and a sum over all their contents that no order changes.
select format('select %L, count(*), coalesce(sum(hashtextextended(t::text, 0)::numeric), 0) from %I.%I t',
  schemaname || '.' || tablename, schemaname, tablename)
from pg_tables
where schemaname = 'catalog' or schemaname = (select 'release_' || release from catalog.live)
order by schemaname, tablename
\gexec
