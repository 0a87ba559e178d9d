/** One product of a page: its id and its JSON text. */
export type PageRow = [id: number, item: string]

/**
 * The products of one page, in order: `$1` products stand before them, there are at most `$2`. Walks at most 128 rows
 * from the anchor at or before its first position, wherever the page lies.
 */
export const pageText = (release: number): string => `
  select d.product_id, d.item
  from (
    select position, product_id from release_${release}.list_anchor
    where position <= $1::bigint order by position desc limit 1
  ) a
  cross join lateral (
    select product_id, item from release_${release}.product_document
    where product_id >= a.product_id order by product_id
    offset ($1::bigint - a.position) limit $2::bigint
  ) d`

/** The values of its parameters; the first may exceed an int4. */
export const pageValues = (page: number, count: number): [string, string] => [
  String((page - 1) * count),
  String(count),
]
