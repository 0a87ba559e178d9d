import type { Client } from 'pg'

/**
 * What the contract says the answers are, made here from the normalised tables, row by row: neither the documents nor the
 * code of any contestant has a part in it.
 */
export interface ExpectedAnswers {
  readonly product: (id: number) => Promise<string>
  readonly styles: (id: number) => Promise<string>
  readonly related: (id: number) => Promise<string>
  /** The page that begins at this position, counted from 0. */
  readonly list: (position: number, count: number) => Promise<string>
}

/** Reads from the release in the client's search path. */
export const expectedAnswers = (client: Client): ExpectedAnswers => {
  const rowsOf = async <Row extends object>(sql: string, values: unknown[]) =>
    (await client.query<Row>(sql, values)).rows
  return {
    product: async (id) => {
      const [product] = await rowsOf(`${productColumns} where id = $1`, [id])
      const features = await rowsOf(
        'select feature, value from feature where product_id = $1 order by ordinal',
        [id],
      )
      return JSON.stringify({ ...product, features })
    },
    styles: async (id) => {
      const styles = await rowsOf<StyleRow>(styleColumns, [id])
      const results = []
      for (const { id: styleId, ...style } of styles) {
        const photos = await rowsOf(photoColumns, [styleId])
        const skus = await rowsOf<SkuRow>(skuColumns, [styleId])
        results.push({
          style_id: styleId,
          ...style,
          photos: photos.length === 0 ? [{ thumbnail_url: null, url: null }] : photos,
          skus: skusById(skus),
        })
      }
      return JSON.stringify({ product_id: `${id}`, results })
    },
    related: async (id) => {
      const rows = await rowsOf<{ related_product_id: number }>(
        'select related_product_id from related where current_product_id = $1 order by ordinal',
        [id],
      )
      return JSON.stringify(rows.map((row) => row.related_product_id))
    },
    list: async (position, count) =>
      JSON.stringify(
        await rowsOf(`${productColumns} order by id offset $1 limit $2`, [position, count]),
      ),
  }
}

interface StyleRow {
  readonly id: number
}

interface SkuRow {
  readonly id: number
  readonly quantity: number
  readonly size: string
}

const productColumns =
  'select id, name, slogan, description, category, default_price::text from product'

const styleColumns = `
  select id, name, original_price::text, sale_price::text, default_style as "default?"
  from style where product_id = $1 order by id`

const photoColumns = 'select thumbnail_url, url from photo where style_id = $1 order by ordinal'

const skuColumns = 'select id, quantity, size from sku where style_id = $1 order by id'

const skusById = (skus: readonly SkuRow[]) =>
  skus.length === 0
    ? { null: { quantity: null, size: null } }
    : Object.fromEntries(skus.map(({ id, quantity, size }) => [id, { quantity, size }]))
