import type { PageRange } from './outdated.ts'
import type { ListParameters } from './parameters.ts'

/** A page of the list as it is answered. */
export interface ListPage {
  readonly text: string
  readonly range: PageRange
}

/** One product of several pages: which page it is of, from 1 on, its id and its JSON text. */
export type PageRow = [page: number, id: number, item: string]

/**
 * The products of pages, those of each in order: `$1` says how many stand before each page and `$2` how many it has at most,
 * both bigint[]. Walks at most 128 rows for each from the anchor at or before its first position, wherever the page lies.
 */
export const pagesText = (release: number): string => `
  select p.page::int, d.product_id, d.item
  from unnest($1::bigint[], $2::bigint[]) with ordinality p (skipped, wanted, page)
  cross join lateral (
    select position, product_id from release_${release}.list_anchor
    where position <= p.skipped order by position desc limit 1
  ) a
  cross join lateral (
    select product_id, item from release_${release}.product_document
    where product_id >= a.product_id order by product_id
    offset (p.skipped - a.position) limit p.wanted
  ) d`

/** The values of its parameters; what stands before a page may exceed an int4. */
export const pagesValues = (pages: readonly ListParameters[]): [string, string] => [
  `{${pages.map(skippedBy).join(',')}}`,
  `{${pages.map(({ count }) => count).join(',')}}`,
]

/** The pages of the rows; all are there, if only as `[]`. */
export const pagesOf = (
  rows: readonly PageRow[],
  pages: readonly ListParameters[],
): readonly ListPage[] => {
  const found = pages.map(() => ({ ids: [] as number[], items: [] as string[] }))
  for (const [page, id, item] of rows) {
    found[page - 1]?.ids.push(id)
    found[page - 1]?.items.push(item)
  }
  return found.map(({ ids, items }, index) => {
    const [first, last] = [ids[0], ids.at(-1)]
    return {
      text: `[${items.join(',')}]`,
      range: {
        ids: first !== undefined && last !== undefined ? [first, last] : undefined,
        isFull: ids.length === pages[index]?.count,
      },
    }
  })
}

const skippedBy = ({ page, count }: ListParameters) => (page - 1) * count
