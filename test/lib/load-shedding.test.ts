import { Client } from 'pg'
import { describe, expect, it } from 'vitest'
import { manyProducts } from './catalogue.ts'
import { useTestService } from './service.ts'

const { request, databaseUrl, service } = useTestService(manyProducts(900), {
  READ_CONNECTIONS_MAX: '2',
  READ_BATCH_IDS_MAX: '5',
  READS_QUEUED_MAX: '20',
})

/** Holds the documents locked, so that reads of them stand still, while the test looks. */
const whileLocked = async <T>(look: () => Promise<T>): Promise<T> => {
  const admin = new Client(databaseUrl())
  await admin.connect()
  await admin.query('begin; lock table release_1.product_document in access exclusive mode')
  try {
    return await look()
  } finally {
    await admin.end()
  }
}

const timed = async (path: string) => {
  const started = performance.now()
  const { status, headers } = await request(path)
  return { status, retryAfter: headers.get('retry-after'), ms: performance.now() - started }
}

describe('more reads than can wait', () => {
  it('are refused at once with 503 and Retry-After, while hot replies go on and the others wait', async () => {
    await request('/products/1')
    await Promise.all([request('/products/2'), request('/products?page=5')])

    const { crowd, hot } = await whileLocked(async () => {
      const asked = Array.from({ length: 60 }, (_, index) => timed(`/products/${index + 101}`))
      return { crowd: asked, hot: await timed('/products/1') }
    })
    const answers = await Promise.all(crowd)

    const refused = answers.filter(({ status }) => status === 503)
    expect(hot.status).toBe(200)
    expect(refused).toHaveLength(40)
    expect(refused.every(({ retryAfter }) => retryAfter === '1')).toBe(true)
    expect(Math.max(...refused.map(({ ms }) => ms))).toBeLessThan(200)
  })

  it('never make it ask the database for more at once than it has connections', async () => {
    const { services } = service()
    const lent = () =>
      Number(/connections_lent\{[^}]*pool="reads"\} (\d+)/.exec(services.metrics.text())?.[1])

    const atOnce = await whileLocked(async () => {
      const asked = Array.from({ length: 18 }, (_, index) => request(`/products/${index + 201}`))
      await expect.poll(lent).toBe(2)
      return { asked, waiting: services.metrics.text() }
    })

    expect(lent()).toBeLessThanOrEqual(2)
    expect((await Promise.all(atOnce.asked)).every(({ status }) => status !== 500)).toBe(true)
  })
})
