import type { Context } from 'hono'
import type { ReadDocument } from './catalog.ts'
import { readProductId } from './parameters.ts'
import { foundReply, notFoundReply } from './reply.ts'
import { productKey, type ProductSuffix } from './reply-key.ts'
import { badRequest, respond } from './respond.ts'
import type { Services } from './services.ts'

/** Answers a route below /products/:product_id with what is read for the id; an id of no product is 404, whatever the route. */
export const answerByProductId = (
  c: Context<object, '/products/:product_id'>,
  { replies, cacheControl }: Services,
  suffix: ProductSuffix,
  read: ReadDocument,
): Response | Promise<Response> => {
  const id = readProductId(c.req.param('product_id'))
  if (typeof id !== 'number') return badRequest(c, id.mistake)
  const key = productKey(id, suffix)
  return respond(c, replies, key, async () => {
    const { release, value: text, database } = await read(id)
    const reply =
      text === undefined
        ? notFoundReply(
            `product_id: expected the id of a product, came ${id}`,
            key,
            release,
            cacheControl.notFound,
          )
        : foundReply(text, release, cacheControl.found)
    return { reply, database }
  })
}
