// Fastify and postgres.js over the stored documents: one query a request, which the driver prepares and
// pipelines by itself, no cache.
import Fastify from 'fastify'
import postgres from 'postgres'

const sql = postgres(process.env.DATABASE_URL, { max: Number(process.env.POOL_MAX ?? 10) })
const app = Fastify()

const send = (reply, row) =>
  row === undefined ? reply.code(404).send() : reply.type('application/json').send(row.body)

// 64 products stand between two anchors of the list.
app.get('/products', async (request, reply) => {
  const page = Number(request.query.page ?? 1)
  const count = Number(request.query.count ?? 5)
  const position = (page - 1) * count
  const rows = await sql`
    select item from product_document
    where product_id >= (select product_id from list_anchor where position = ${position}::int / 64 * 64)
    order by product_id offset ${position}::int % 64 limit ${count}`
  return reply.type('application/json').send(`[${rows.map((row) => row.item).join(',')}]`)
})

app.get('/products/:product_id', async (request, reply) => {
  const [row] = await sql`
    select left(item, -1) || ',"features":' || features || '}' as body
    from product_document where product_id = ${request.params.product_id}`
  return send(reply, row)
})

app.get('/products/:product_id/styles', async (request, reply) => {
  const [row] = await sql`
    select body from styles_document where product_id = ${request.params.product_id}`
  return send(reply, row)
})

app.get('/products/:product_id/related', async (request, reply) => {
  const [row] = await sql`
    select body from related_document where product_id = ${request.params.product_id}`
  return send(reply, row)
})

await app.listen({ host: '127.0.0.1', port: Number(process.env.PORT) })
