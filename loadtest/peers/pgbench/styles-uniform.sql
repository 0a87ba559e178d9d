-- One stored document of a random product; :products is the highest product id.
\set id random(1, :products)
select body from styles_document where product_id = :id;
