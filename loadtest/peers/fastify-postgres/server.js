// Fastify and @fastify/postgres over the stored documents: one prepared query a request, no cache. What is
// left when the documents are taken as given and only the serving is compared.
import fastifyPostgres from '@fastify/postgres'
import Fastify from 'fastify'

const app = Fastify()

await app.register(fastifyPostgres, {
  connectionString: process.env.DATABASE_URL,
  max: Number(process.env.POOL_MAX ?? 10),
})

// A statement with a name is prepared once a connection.
const documentQuery = (name, text) => async (request, reply) => {
  const { rows } = await app.pg.query({ name, text, values: [request.params.product_id] })
  if (rows.length === 0) return reply.code(404).send()
  return reply.type('application/json').send(rows[0].body)
}

// 64 products stand between two anchors of the list.
const list = async (request, reply) => {
  const page = Number(request.query.page ?? 1)
  const count = Number(request.query.count ?? 5)
  const { rows } = await app.pg.query({
    name: 'list',
    text: `select item from product_document
           where product_id >= (select product_id from list_anchor where position = $1::int / 64 * 64)
           order by product_id offset $1::int % 64 limit $2`,
    values: [(page - 1) * count, count],
  })
  return reply.type('application/json').send(`[${rows.map((row) => row.item).join(',')}]`)
}

app.get('/products', list)
app.get(
  '/products/:product_id',
  documentQuery(
    'product',
    `select left(item, -1) || ',"features":' || features || '}' as body
     from product_document where product_id = $1`,
  ),
)
app.get(
  '/products/:product_id/styles',
  documentQuery('styles', 'select body from styles_document where product_id = $1'),
)
app.get(
  '/products/:product_id/related',
  documentQuery('related', 'select body from related_document where product_id = $1'),
)

await app.listen({ host: '127.0.0.1', port: Number(process.env.PORT) })
