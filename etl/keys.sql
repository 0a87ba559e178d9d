-- Keys and indexes of one release, built after its data is loaded. Run with the search_path set to its schema.
-- Each statement stands alone, so that an import may run several at once on connections of their own.

alter table product add primary key (id);

alter table style add primary key (id);

create index style_product_id on style (product_id, id);

alter table feature add primary key (id);

create index feature_product_id on feature (product_id, ordinal);

alter table photo add primary key (id);

create index photo_style_id on photo (style_id, ordinal);

alter table sku add primary key (id);

create index sku_style_id on sku (style_id, id);

alter table related add primary key (id);

create index related_current_product_id on related (current_product_id, ordinal);

-- For the products that are deleted: without it each one reads the whole table.
create index related_related_product_id on related (related_product_id);
