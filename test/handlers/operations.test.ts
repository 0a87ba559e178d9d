import { describe, expect, it } from 'vitest'
import { createDatabase } from '../database.ts'
import { parseMetrics } from '../lib/parse-metrics.ts'
import { openTestService, useTestService } from '../lib/service.ts'

const { request, service } = useTestService()

describe('GET /livez', () => {
  it('says that the process lives, and may not be stored', async () => {
    const response = await request('/livez')

    expect(response.status).toBe(200)
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(await response.json()).toEqual({ status: 'live' })
  })

  it('does so without a database', async () => {
    const alone = await openTestService('postgres://nobody@127.0.0.1:1/nowhere')

    const response = await alone.app.request('/livez')

    expect(response.status).toBe(200)
    await alone.services.close()
  })
})

describe('GET /readyz', () => {
  it('says which release is served, and may not be stored', async () => {
    const response = await request('/readyz')

    expect(response.status).toBe(200)
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(await response.json()).toEqual({ status: 'ready', release: 1 })
  })

  it('is 503 while the process drains', async () => {
    service().services.isDraining = true

    const response = await request('/readyz')

    service().services.isDraining = false
    expect(response.status).toBe(503)
    expect(await response.json()).toMatchObject({ status: 503, detail: 'the process is ending' })
  })

  it('is 503 when no database answers', async () => {
    const alone = await openTestService('postgres://nobody@127.0.0.1:1/nowhere')

    const response = await alone.app.request('/readyz')

    expect(response.status).toBe(503)
    expect(response.headers.get('retry-after')).toBe('1')
    expect(await response.json()).toMatchObject({ detail: 'no database answers' })
    await alone.services.close()
  })

  it('is 503 when the database holds no catalogue', async () => {
    const database = await createDatabase()
    const empty = await openTestService(database.url)

    const ready = await empty.app.request('/readyz')
    const read = await empty.app.request('/products/1')

    expect([ready.status, read.status]).toEqual([503, 503])
    expect(await ready.json()).toMatchObject({ detail: 'no release is published' })
    await empty.services.close()
    await database.drop()
  })
})

describe('GET /metrics', () => {
  it('tells of caches, batches, connections, lag, the release, the event loop and memory', async () => {
    const samples = parseMetrics(await (await request('/metrics')).text())

    expect([...new Set(samples.map(({ name }) => name))]).toEqual(
      expect.arrayContaining([
        'product_overview_replies_total',
        'product_overview_reply_cache_bytes',
        'product_overview_batch_ids_count',
        'product_overview_connections_lent',
        'product_overview_statements_waiting',
        'product_overview_database_up',
        'product_overview_database_missing_changes',
        'product_overview_database_behind',
        'product_overview_change_delay_seconds_count',
        'product_overview_loads_shed_total',
        'product_overview_release',
        'nodejs_eventloop_delay_seconds',
        'nodejs_memory_bytes',
        'process_resident_memory_bytes',
        'process_cpu_seconds_total',
      ]),
    )
    expect(samples).toContainEqual({ name: 'product_overview_release', labels: {}, value: 1 })
  })
})

describe('GET /', () => {
  it('answers a JSON index of the routes', async () => {
    const response = await request('/')

    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe('application/json')
    expect(await response.json()).toEqual({
      products: '/products?page={page}&count={count}',
      product: '/products/{product_id}',
      styles: '/products/{product_id}/styles',
      related: '/products/{product_id}/related',
    })
  })
})
