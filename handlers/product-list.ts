import { Hono } from 'hono'
import { type ListParameters, readListParameters } from '../lib/parameters.ts'
import { foundReply } from '../lib/reply.ts'
import { pageKey } from '../lib/reply-key.ts'
import { badRequest, respond } from '../lib/respond.ts'
import type { Services } from '../lib/services.ts'
import { respondStreaming } from '../lib/respond-streaming.ts'

/** Pages with more products than this are streamed: above it a reply is too large to be worth its place in the cache. */
const cachedCountMax = 300

/** One page of all products, ordered by id; a page past the end is `[]`. */
export const productList = (services: Services) =>
  new Hono().get('/products', (c) => {
    const parameters = readListParameters(c.req.url)
    if ('mistake' in parameters) return badRequest(c, parameters.mistake)
    if (parameters.count > cachedCountMax) return respondStreaming(c, services, parameters)
    return respond(c, services.replies, pageKey(parameters), () => loadPage(services, parameters))
  })

const loadPage = async ({ catalog, cacheControl }: Services, parameters: ListParameters) => {
  const { release, database, value } = await catalog.page(parameters)
  const reply = foundReply(value.text, release, cacheControl.found)
  return { reply, database, range: value.range }
}
