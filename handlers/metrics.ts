import { Hono } from 'hono'
import { metricsContentType } from '../lib/metrics.ts'
import type { Services } from '../lib/services.ts'

/** The metrics of the process in the text format of Prometheus. */
export const metrics = (services: Services) =>
  new Hono().get('/metrics', (c) =>
    c.body(services.metrics.text(), 200, {
      'content-type': metricsContentType,
      'cache-control': 'no-store',
    }),
  )
