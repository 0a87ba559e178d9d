import { Hono } from 'hono'
import { TrieRouter } from 'hono/router/trie-router'
import { describe, expect, it, vi } from 'vitest'
import { createMetrics } from '../../lib/metrics.ts'
import { createRouteMetrics } from '../../lib/route-metrics.ts'

/** The metrics of an app with two routes, and how often it had to look for the route of a URL. */
const routes = () => {
  // The usual router puts another method in the place of the one that is watched.
  const app = new Hono({ router: new TrieRouter() })
    .get('/products', (c) => c.text(''))
    .get('/products/:product_id/styles', (c) => c.text(''))
  const match = vi.spyOn(app.router, 'match')
  const metrics = createMetrics()
  return {
    metricsOf: createRouteMetrics(app, metrics),
    lookups: () => match.mock.calls.length,
    text: metrics.text,
  }
}

describe('the metrics of the route of a URL', () => {
  it('are looked for once for each route, whatever the number and the query', () => {
    const { metricsOf, lookups } = routes()

    for (let id = 1; id <= 2000; id += 1) {
      metricsOf(`/products/${id}/styles`)
      metricsOf(`/products?page=${id}&count=5`)
    }

    expect(lookups()).toBe(2)
  })

  it('are not kept for paths that nobody serves, nor for ids that are no numbers: clients can invent any number of them', () => {
    const { metricsOf, lookups, text } = routes()
    const invented = ['/wp-login', '/wp-login', '/products/x/styles', '/products/x/styles']

    for (const path of invented) metricsOf(path).observe(404, 0.001)

    expect(lookups()).toBe(invented.length)
    expect(text()).toContain('http_requests_total{route="none",status="404"} 2')
    expect(text()).toContain(
      'http_requests_total{route="/products/:product_id/styles",status="404"} 2',
    )
  })
})
