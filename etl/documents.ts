import type pg from 'pg'
import type { Task } from './progress.ts'

/** Products a statement: enough to make its start cheap, few enough that the last range does not keep a core idle. */
const rangeProducts = 8192

interface Range {
  from: number
  /** The first id of the next range; none for the last. */
  to: number | null
  products: number
}

/** Fills the document tables from their views, a range of product ids at a time on every connection of the pool. */
export async function buildDocuments(pool: pg.Pool, products: number, task: Task): Promise<void> {
  let done = 0
  const ranges = await productRanges(pool, products)
  await Promise.all(
    ranges.map(async (range) => {
      await buildRange(pool, range)
      done += range.products
      task.advance(done)
    }),
  )
}

async function productRanges(pool: pg.Pool, products: number): Promise<Range[]> {
  const { rows } = await pool.query<{ id: number }>(
    'select product_id as id from list_anchor where position % $1 = 0 order by position',
    [rangeProducts],
  )
  return rows.map(({ id }, index) => ({
    from: id,
    to: rows[index + 1]?.id ?? null,
    products: Math.min(rangeProducts, products - index * rangeProducts),
  }))
}

async function buildRange(pool: pg.Pool, { from, to }: Range): Promise<void> {
  const ids = `product_id >= ${from}` + (to === null ? '' : ` and product_id < ${to}`)
  const client = await pool.connect()
  try {
    for (const kind of ['product', 'styles', 'related']) {
      await client.query(`insert into ${kind}_document select * from ${kind}_source where ${ids}`)
    }
    client.release()
  } catch (error) {
    client.release(true)
    throw error
  }
}
