import { Hono } from 'hono'
import { answerByProductId } from '../lib/by-product-id.ts'
import type { Services } from '../lib/services.ts'

/** The ids of the products related to one product, in file order; none answers `[]`. */
export const relatedProducts = (services: Services) =>
  new Hono().get('/products/:product_id/related', (c) =>
    answerByProductId(c, services, '/related', services.catalog.related),
  )
