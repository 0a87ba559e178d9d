import { Hono } from 'hono'
import { foundReply } from '../lib/reply.ts'
import { respond } from '../lib/respond.ts'
import type { Services } from '../lib/services.ts'

const routes = {
  products: '/products?page={page}&count={count}',
  product: '/products/{product_id}',
  styles: '/products/{product_id}/styles',
  related: '/products/{product_id}/related',
}

/** What can be asked here, for whoever comes to the front door. */
export const routeIndex = ({ replies, follower, cacheControl }: Services) =>
  new Hono().get('/', (c) =>
    respond(c, replies, '/', async () => ({
      reply: foundReply(JSON.stringify(routes), follower.release() ?? 0, cacheControl.found),
    })),
  )
