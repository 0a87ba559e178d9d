-- Live changes of one release: triggers keep its documents true. Run with the search_path set to the
-- release's schema, after its documents are filled.
--
-- Any SQL writer may change the tables, through the views of the schema catalog. The triggers rebuild the
-- documents of the products touched and append to catalog.change, in the writer's transaction. They run once
-- a statement and pass ids in arrays: joined with transition tables or unnest() the planner reads whole
-- tables (28 ms for one row among 100,000 products, 1 ms with `= any(ids)`).

-- The reader of the files has checked every parent already (decision 003): old rows need no second proof.
alter table style add foreign key (product_id) references product on delete cascade not valid;

alter table feature add foreign key (product_id) references product on delete cascade not valid;

alter table photo add foreign key (style_id) references style on delete cascade not valid;

alter table sku add foreign key (style_id) references style on delete cascade not valid;

alter table related add foreign key (current_product_id) references product on delete cascade not valid;

alter table related add foreign key (related_product_id) references product on delete cascade not valid;

-- Rebuilding -------------------------------------------------------------------------------------------------
-- Each locks its documents first, in order of their ids, and builds in the next statement: that one sees what a
-- writer before it has committed. Built first, the second of two writers of one product would undo the first.

create function rebuild_product_documents(ids int[]) returns void
language plpgsql set search_path from current
as $$
begin
  perform from product_document d where d.product_id = any(ids) order by d.product_id for update;
  delete from product_document d
  where d.product_id = any(ids) and not exists (select from product p where p.id = d.product_id);
  insert into product_document
  select * from product_source s where s.product_id = any(ids)
  on conflict (product_id) do update set item = excluded.item, features = excluded.features;
end
$$;

create function rebuild_styles_documents(ids int[]) returns void
language plpgsql set search_path from current
as $$
begin
  perform from styles_document d where d.product_id = any(ids) order by d.product_id for update;
  delete from styles_document d
  where d.product_id = any(ids) and not exists (select from product p where p.id = d.product_id);
  insert into styles_document
  select * from styles_source s where s.product_id = any(ids)
  on conflict (product_id) do update set body = excluded.body;
end
$$;

create function rebuild_related_documents(ids int[]) returns void
language plpgsql set search_path from current
as $$
begin
  perform from related_document d where d.product_id = any(ids) order by d.product_id for update;
  delete from related_document d
  where d.product_id = any(ids) and not exists (select from product p where p.id = d.product_id);
  insert into related_document
  select * from related_source s where s.product_id = any(ids)
  on conflict (product_id) do update set body = excluded.body;
end
$$;

-- Products came or went: every later page moves. Few ids shift the anchors behind them; many make them anew. Then
-- anchors are put where more than 128 products have come to stand behind one, and behind the last, at any distance.
-- One writer at a time, or two shifts would count from the same state. The lock alone does not show a writer with REPEATABLE READ
-- what the one before it did: the update of the first anchor fails it (40001), to be tried again as such writers must.
create function move_anchors(added int[], removed int[]) returns void
language plpgsql set search_path from current
as $$
begin
  lock table list_anchor in share row exclusive mode;
  update list_anchor set position = 0 where product_id = 0;
  if cardinality(added) + cardinality(removed) > 100 then
    delete from list_anchor where product_id > 0;
  else
    update list_anchor a
    set position = a.position
      + (select count(*) from unnest(added) as i where i < a.product_id)
      - (select count(*) from unnest(removed) as i where i < a.product_id)
    where a.product_id > least(
      (select min(i) from unnest(added) as i), (select min(i) from unnest(removed) as i));
  end if;
  insert into list_anchor (position, product_id)
  select a.position + ranked.behind, ranked.id
  from (
    select distinct (
      select b.product_id from list_anchor b where b.product_id <= i order by b.product_id desc limit 1
    ) as product_id
    from unnest(added || removed) as i
  ) as before_a_change
  join list_anchor a using (product_id)
  left join lateral (
    select n.position, n.product_id from list_anchor n
    where n.product_id > a.product_id order by n.product_id limit 1
  ) as next on true
  cross join lateral (
    select p.id, row_number() over (order by p.id) - 1 as behind from product p
    where p.id >= a.product_id and p.id < coalesce(next.product_id, 2147483648)
  ) as ranked
  where (next.position is null or next.position - a.position > 128)
    and ranked.behind > 0 and ranked.behind % 64 = 0
  on conflict (product_id) do nothing;
end
$$;

-- Triggers ---------------------------------------------------------------------------------------------------

-- Takes changes off the log that every reader could see for ten minutes, at most 500 at a time. What another writer
-- holds is left to the next one: nobody waits.
create function prune_changes() returns void
language plpgsql set search_path from current
as $$
declare
  horizon xid8 := (
    select h.xid from catalog.change_horizon h
    where h.at < clock_timestamp() - interval '10 minutes'
      -- A dump that was restored brings those of another server.
      and h.xid < pg_snapshot_xmax(pg_current_snapshot())
    order by h.at desc limit 1
  );
begin
  if not exists (select from catalog.change_horizon h where h.at > clock_timestamp() - interval '1 minute') then
    insert into catalog.change_horizon default values;
  end if;
  if horizon is null then
    return;
  end if;
  with oldest as (
    select c.id, c.xid from catalog.change c order by c.id limit 500
    -- A restored dump brings those of another server, which lie ahead of this one: nobody reads them.
  ), pruned as (
    delete from catalog.change c
    where c.id = any(array(
      select l.id from catalog.change l
      where l.id = any(array(
        select o.id from oldest o
        where o.xid < horizon
          or (o.xid >= pg_snapshot_xmax(pg_current_snapshot()) and o.xid <> pg_current_xact_id())
      ))
      for update skip locked
    ))
    returning c.id, c.release, c.parts
  )
  insert into catalog.change_total (release, changes, id_sum)
  select p.release, count(*), sum(p.id) from pruned p where p.parts && '{listed,moved}' group by p.release;
  with parts as (
    delete from catalog.change_total
    where ctid = any(array(select t.ctid from catalog.change_total t for update skip locked))
    returning release, changes, id_sum
  )
  insert into catalog.change_total (release, changes, id_sum)
  select p.release, sum(p.changes), sum(p.id_sum) from parts p group by p.release;
  delete from catalog.change_horizon
  where ctid = any(array(select h.ctid from catalog.change_horizon h where h.xid < horizon for update skip locked));
end
$$;

-- One writer in a hundred prunes: five times what is added meanwhile, at the cost of a hundredth of a prune. Not one with REPEATABLE
-- READ, which a prune since its snapshot would fail.
create function note_change(ids int[], parts text[]) returns void
language plpgsql set search_path from current
as $$
begin
  insert into catalog.change (release, product_ids, parts)
  values (substring(current_schema from '\d+$')::int, ids, parts);
  if random() < 0.01 and current_setting('transaction_isolation') = 'read committed' then
    perform prune_changes();
  end if;
end
$$;

create function product_changed() returns trigger
language plpgsql set search_path from current
as $$
declare
  added int[] := '{}';
  removed int[] := '{}';
  kept int[] := '{}';
begin
  if tg_op = 'INSERT' then
    added := array(select id from new_rows);
  elsif tg_op = 'DELETE' then
    removed := array(select id from old_rows);
  else
    added := array(select id from new_rows except select id from old_rows);
    removed := array(select id from old_rows except select id from new_rows);
    kept := array(select id from new_rows intersect select id from old_rows);
  end if;
  if cardinality(kept) > 0 then
    perform rebuild_product_documents(kept);
    perform note_change(kept, '{product,listed}');
  end if;
  if cardinality(added) + cardinality(removed) > 0 then
    perform rebuild_product_documents(added || removed);
    perform rebuild_styles_documents(added || removed);
    perform rebuild_related_documents(added || removed);
    perform move_anchors(added, removed);
    perform note_change(added || removed, '{product,styles,related,moved}');
  end if;
  return null;
end
$$;

-- The products of styles whose photos or skus changed. Gone with its style? Then the style's own trigger does the rest. A style may move
-- to another product until its document is locked here, so its owner is looked up again then.
create function styles_changed(style_ids int[]) returns void
language plpgsql set search_path from current
as $$
declare
  ids int[] := '{}';
  more int[];
begin
  loop
    more := array(select s.product_id from style s where s.id = any(style_ids) except select unnest(ids));
    exit when cardinality(more) = 0;
    perform rebuild_styles_documents(more);
    ids := ids || more;
  end loop;
  if cardinality(ids) > 0 then
    perform note_change(ids, '{styles}');
  end if;
end
$$;

-- For the tables below product; its argument is the column that leads to the product.
create function part_changed() returns trigger
language plpgsql set search_path from current
as $$
declare
  ids int[];
begin
  execute format(case tg_op
    when 'INSERT' then 'select array(select distinct %1$I from new_rows)'
    when 'DELETE' then 'select array(select distinct %1$I from old_rows)'
    else 'select array(select %1$I from old_rows union select %1$I from new_rows)'
  end, tg_argv[0]) into ids;
  if cardinality(ids) = 0 then
    return null;
  end if;
  case tg_table_name
    when 'photo', 'sku' then
      perform styles_changed(ids);
    when 'feature' then
      perform rebuild_product_documents(ids);
      perform note_change(ids, '{product}');
    when 'related' then
      perform rebuild_related_documents(ids);
      perform note_change(ids, '{related}');
    else
      perform rebuild_styles_documents(ids);
      perform note_change(ids, '{styles}');
  end case;
  return null;
end
$$;

-- A trigger with transition tables serves one kind of statement, so each table has three.
do $$
declare
  t record;
begin
  for t in select * from (values
    ('product', 'product_changed()'),
    ('feature', 'part_changed(product_id)'),
    ('style', 'part_changed(product_id)'),
    ('photo', 'part_changed(style_id)'),
    ('sku', 'part_changed(style_id)'),
    ('related', 'part_changed(current_product_id)')
  ) as triggers (name, call)
  loop
    execute format('create trigger %1$s_added after insert on %1$s
      referencing new table as new_rows for each statement execute function %2$s', t.name, t.call);
    execute format('create trigger %1$s_altered after update on %1$s
      referencing old table as old_rows new table as new_rows for each statement execute function %2$s', t.name, t.call);
    execute format('create trigger %1$s_removed after delete on %1$s
      referencing old table as old_rows for each statement execute function %2$s', t.name, t.call);
  end loop;
end
$$;

-- Whoever may write through the views needs no right to the tables. pg_temp is searched last: by default it comes first, and a writer's
-- temporary table named style would be taken for ours, without a word.
do $$
declare
  f regprocedure;
begin
  for f in select p.oid from pg_proc p where p.pronamespace = current_schema::regnamespace
  loop
    execute format('alter function %s security definer set search_path = %I, pg_temp', f, current_schema);
    execute format('revoke all on function %s from public', f);
  end loop;
end
$$;
