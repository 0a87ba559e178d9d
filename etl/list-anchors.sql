-- Fills the anchors of the list. Run with the search_path set to the release's schema, once its products have their key.

insert into list_anchor (position, product_id)
select position, product_id
from (select id as product_id, row_number() over (order by id) - 1 as position from product) as ranked
where position % 64 = 0;
