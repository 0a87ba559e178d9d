import { setImmediate as nextRound, setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { manyProducts } from './catalogue.ts'
import { useTestService } from './service.ts'

const { request, service } = useTestService(manyProducts(900), { EVENT_LOOP_DELAY_MAX_MS: '50' })

const block = (ms: number) => {
  const end = performance.now() + ms
  while (performance.now() < end);
}

/** Blocks the process round after round, as more requests than it can answer do, and looks between two rounds. */
const whileLate = async <T>(look: () => Promise<T>): Promise<T> => {
  let isOver = false
  const blocking = (async () => {
    while (!isOver) {
      block(100)
      await nextRound()
    }
  })()
  await sleep(500)
  try {
    return await look()
  } finally {
    isOver = true
    await blocking
  }
}

describe('a process whose event loop is late again and again', () => {
  it('refuses what it would have to load with 503 and Retry-After, and answers what lies ready', async () => {
    await request('/products/1')
    const { hot, cold, page, large, missing } = await whileLate(async () => ({
      hot: await request('/products/1'),
      cold: await request('/products/2'),
      page: await request('/products?page=2'),
      large: await request('/products?count=500'),
      missing: await request('/nothing'),
    }))

    expect(hot.status).toBe(200)
    for (const { status, headers } of [cold, page, large]) {
      expect(status).toBe(503)
      expect(headers.get('retry-after')).toBe('1')
    }
    expect(missing.status).toBe(404)
    expect(service().services.metrics.text()).toContain('product_overview_loads_shed_total 3')
  })

  it('loads again as soon as it keeps up', async () => {
    await whileLate(() => request('/products/3'))
    await sleep(50)

    expect((await request('/products/3')).status).toBe(200)
  })
})

describe('a process that stood still once, however long', () => {
  it('loads what it is asked for', async () => {
    block(1_000)
    await sleep(0)

    expect((await request('/products/4')).status).toBe(200)
  })
})
