-- What SQL writers change: views of the live release's tables. Run with the search_path set to its schema, in
-- the transaction that publishes it.

create or replace view catalog.product as
select id, name, slogan, description, category, default_price from product;

create or replace view catalog.feature as
select id, product_id, feature, value from feature;

create or replace view catalog.style as
select id, product_id, name, sale_price, original_price, default_style from style;

create or replace view catalog.photo as
select id, style_id, url, thumbnail_url from photo;

create or replace view catalog.sku as
select id, style_id, size, quantity from sku;

create or replace view catalog.related as
select id, current_product_id, related_product_id from related;
