import type pg from 'pg'
import { EtlError } from './etl-error.ts'
import { schemaOf } from './release.ts'

/** How one release differs from another. */
export interface ReleaseDiff {
  readonly from: number
  readonly to: number
  readonly added: number
  readonly removed: number
  /** Products in both of which any answer differs. */
  readonly changed: number
  /** Prices in both (of products and of styles, list and sale) that moved by more than the share asked for. */
  readonly pricesMoved: number
  /** The farthest of them, at most `movesShownMax`. */
  readonly farthestMoves: readonly PriceMove[]
}

export interface PriceMove {
  readonly what: 'product' | 'style'
  readonly id: number
  readonly column: string
  readonly from: string
  readonly to: string
}

const movesShownMax = 10

/** Compares two releases that are still here. `priceShare` 0.2 counts prices that moved by more than a fifth of what they were. */
export async function diffReleases(
  control: pg.Client,
  from: number,
  to: number,
  priceShare: number,
): Promise<ReleaseDiff> {
  const products = await diffProducts(control, schemaOf(from), schemaOf(to))
  const { rows } = await control.query<PriceMove & { moved: string }>(
    priceMoves(schemaOf(from), schemaOf(to)),
    [priceShare, movesShownMax],
  )
  const farthestMoves = rows.map(({ what, id, column, from: was, to: now }) => ({
    what,
    id,
    column,
    from: was,
    to: now,
  }))
  return { from, to, ...products, pricesMoved: Number(rows[0]?.moved ?? 0), farthestMoves }
}

/** Throws an EtlError when a release is not here, or not finished, to be compared. */
export async function expectHere(control: pg.Client, release: number): Promise<void> {
  const { rows } = await control.query<{ here: boolean }>(
    "select exists (select from catalog.release where id = $1 and state in ('ready', 'refused')) as here",
    [release],
  )
  if (rows[0]?.here !== true) {
    throw new EtlError(
      `there is no release ${release} to compare: \`etl releases\` lists what is here`,
    )
  }
}

/** Merge joins along the primary keys: hashing a million documents would spill them to disk. */
async function diffProducts(control: pg.Client, from: string, to: string) {
  await control.query('begin; set local enable_hashjoin = off')
  try {
    const { rows } = await control.query<Record<'added' | 'removed' | 'changed', string>>(`
      select count(*) filter (where a.product_id is null) as added,
             count(*) filter (where b.product_id is null) as removed,
             count(*) filter (where a.product_id is not null and b.product_id is not null and (
               (a.item, a.features) is distinct from (b.item, b.features)
               or sa.body is distinct from sb.body or ra.body is distinct from rb.body)) as changed
      from ${from}.product_document a
      full join ${to}.product_document b on b.product_id = a.product_id
      left join ${from}.styles_document sa on sa.product_id = a.product_id
      left join ${to}.styles_document sb on sb.product_id = b.product_id
      left join ${from}.related_document ra on ra.product_id = a.product_id
      left join ${to}.related_document rb on rb.product_id = b.product_id`)
    const [{ added, removed, changed } = { added: 0, removed: 0, changed: 0 }] = rows
    return { added: Number(added), removed: Number(removed), changed: Number(changed) }
  } finally {
    await control.query('rollback')
  }
}

const priceMoves = (from: string, to: string) => `
  with price as (
    select 'product' as what, a.id, 'default_price' as "column", a.default_price as was, b.default_price as now
    from ${from}.product a join ${to}.product b on b.id = a.id
    union all
    select 'style', a.id, price.name, price.was, price.now
    from ${from}.style a join ${to}.style b on b.id = a.id
    cross join lateral (values
      ('original_price', a.original_price, b.original_price),
      ('sale_price', a.sale_price, b.sale_price)) as price (name, was, now)
  )
  select what, id, "column", was::text as "from", now::text as "to", count(*) over () as moved
  from price
  where abs(now - was) > $1::numeric * was
  order by abs(now - was) / greatest(was, 0.01) desc, what, id
  limit $2`
