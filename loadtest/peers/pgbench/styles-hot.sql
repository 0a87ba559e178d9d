-- One and the same stored document.
select body from styles_document where product_id = :id;
