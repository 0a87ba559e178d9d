import { Hono } from 'hono'
import { answerByProductId } from '../lib/by-product-id.ts'
import type { Services } from '../lib/services.ts'

/** All styles of one product with their photos and SKUs; a product without styles answers `"results":[]`. */
export const productStyles = (services: Services) =>
  new Hono().get('/products/:product_id/styles', (c) =>
    answerByProductId(c, services, '/styles', services.catalog.styles),
  )
