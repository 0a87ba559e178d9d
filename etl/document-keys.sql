-- Keys of the document tables, built after they are filled. Run with the search_path set to the release's schema.
-- Each statement stands alone, so that an import may run several at once on connections of their own.

alter table product_document add primary key (product_id);

alter table styles_document add primary key (product_id);

alter table related_document add primary key (product_id);
