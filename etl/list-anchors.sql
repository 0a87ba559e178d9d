-- Fills the anchors of the list. Run with the search_path set to the release's schema, once its products have their key.

-- The first one stands before every id, so that no product can become the first of the list without an anchor before it.
insert into list_anchor (position, product_id) values (0, 0);

insert into list_anchor (position, product_id)
select position, product_id
from (select id as product_id, row_number() over (order by id) - 1 as position from product) as ranked
where position > 0 and position % 64 = 0;
