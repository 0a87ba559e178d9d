-- What a plain COPY loads into: no keys, no constraints, no write-ahead log. Nothing could be cheaper for PostgreSQL.

create unlogged table product (
  id int, name text, slogan text, description text, category text, default_price numeric
);

create unlogged table styles (
  id int, product_id int, name text, sale_price numeric, original_price numeric, default_style boolean
);

create unlogged table features (id int, product_id int, feature text, value text);

create unlogged table photos (id int, style_id int, url text, thumbnail_url text);

create unlogged table skus (id int, style_id int, size text, quantity int);

create unlogged table related (id int, current_product_id int, related_product_id int);
