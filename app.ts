import { Hono } from 'hono'
import { livez } from './handlers/livez.ts'
import { metrics } from './handlers/metrics.ts'
import { productList } from './handlers/product-list.ts'
import { productStyles } from './handlers/product-styles.ts'
import { product } from './handlers/product.ts'
import { readyz } from './handlers/readyz.ts'
import { relatedProducts } from './handlers/related-products.ts'
import { routeIndex } from './handlers/route-index.ts'
import { withOutcomes } from './lib/outcomes.ts'
import type { Services } from './lib/services.ts'

/** The route table: every endpoint, one line. */
export const createApp = (services: Services): Hono =>
  withOutcomes(
    new Hono()
      .route('/', routeIndex(services))
      .route('/', productList(services))
      .route('/', product(services))
      .route('/', productStyles(services))
      .route('/', relatedProducts(services))
      .route('/', livez(services))
      .route('/', readyz(services))
      .route('/', metrics(services)),
    services.log,
  )
