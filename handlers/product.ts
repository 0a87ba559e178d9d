import { Hono } from 'hono'
import { answerByProductId } from '../lib/by-product-id.ts'
import type { Services } from '../lib/services.ts'

/** One product with its features in file order; a product without features answers `"features":[]`. */
export const product = (services: Services) =>
  new Hono().get('/products/:product_id', (c) =>
    answerByProductId(c, services, '', services.catalog.product),
  )
