// Design 2: Express, a pg pool, correlated sub-selects, and Redis in front of every answer. A hit is sent
// as the string that Redis returned, without parsing it; a miss answers first and fills Redis after.
import express from 'express'
import pg from 'pg'
import { createClient } from 'redis'

const pool = new pg.Pool({
  connectionString: process.env.DATABASE_URL,
  max: Number(process.env.POOL_MAX ?? 10),
})

// Without REDIS_URL there is no cache: the bench's cold workloads.
const redis =
  process.env.REDIS_URL && (await createClient({ url: process.env.REDIS_URL }).connect())
const cacheTtlSeconds = 3600

const app = express()

/** A handler that asks Redis for `key(req)` and, on a miss, the database. */
const cached = (key, load) => async (req, res) => {
  if (!redis) return answer(res, await load(req))
  const hit = await redis.get(key(req))
  if (hit !== null) return res.type('json').send(hit)
  const body = await load(req)
  answer(res, body)
  if (body !== undefined) {
    redis.set(key(req), JSON.stringify(body), { EX: cacheTtlSeconds }).catch(console.error)
  }
}

const answer = (res, body) => (body === undefined ? res.sendStatus(404) : res.json(body))

const pageOf = (req) => ({
  page: Number(req.query.page ?? 1),
  count: Number(req.query.count ?? 5),
})

// A page is a range of ids, which needs no OFFSET, and is wrong as soon as the ids have a gap.
const list = cached(
  (req) => `products:${pageOf(req).page}:${pageOf(req).count}`,
  async (req) => {
    const { page, count } = pageOf(req)
    const { rows } = await pool.query(
      `select id, name, slogan, description, category, default_price
       from product where id > $1 order by id limit $2`,
      [(page - 1) * count, count],
    )
    return rows
  },
)

const product = cached(
  (req) => `product:${req.params.product_id}`,
  async (req) => {
    const { rows } = await pool.query(
      `select p.id, p.name, p.slogan, p.description, p.category, p.default_price,
         coalesce((
           select json_agg(json_build_object('feature', f.feature, 'value', f.value) order by f.ordinal)
           from feature f where f.product_id = p.id
         ), '[]') as features
       from product p where p.id = $1`,
      [req.params.product_id],
    )
    return rows[0]
  },
)

const styles = cached(
  (req) => `styles:${req.params.product_id}`,
  async (req) => {
    const { rows } = await pool.query(
      `select p.id::text as product_id, coalesce((
         select json_agg(json_build_object(
           'style_id', s.id,
           'name', s.name,
           'original_price', s.original_price::text,
           'sale_price', s.sale_price::text,
           'default?', s.default_style,
           'photos', coalesce((
             select json_agg(json_build_object('thumbnail_url', h.thumbnail_url, 'url', h.url)
               order by h.ordinal)
             from photo h where h.style_id = s.id
           ), '[{"thumbnail_url":null,"url":null}]'),
           'skus', coalesce((
             select json_object_agg(k.id, json_build_object('quantity', k.quantity, 'size', k.size)
               order by k.id)
             from sku k where k.style_id = s.id
           ), '{"null":{"quantity":null,"size":null}}')
         ) order by s.id)
         from style s where s.product_id = p.id
       ), '[]') as results
       from product p where p.id = $1`,
      [req.params.product_id],
    )
    return rows[0]
  },
)

const related = cached(
  (req) => `related:${req.params.product_id}`,
  async (req) => {
    const { rows } = await pool.query(
      `select coalesce((
         select json_agg(r.related_product_id order by r.ordinal)
         from related r where r.current_product_id = p.id
       ), '[]') as ids
       from product p where p.id = $1`,
      [req.params.product_id],
    )
    return rows[0]?.ids
  },
)

app.get('/products', list)
app.get('/products/:product_id', product)
app.get('/products/:product_id/styles', styles)
app.get('/products/:product_id/related', related)

app.listen(Number(process.env.PORT), '127.0.0.1')
