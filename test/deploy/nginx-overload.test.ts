import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeNginx, type NginxUnderTest, startNginxUnderTest } from './nginx-fixture.ts'
import { StubInstance } from './stub-instance.ts'

const requestsPerInstance = 4
/** As many again as a half of that, when there is no room elsewhere: see upstream.conf. */
const asLastResort = 2
const holdMs = 1_000
const atOnceMsMax = 500

describeNginx('more than an instance is to be asked at once', () => {
  const instance = new StubInstance()
  let nginx: NginxUnderTest

  beforeAll(async () => {
    await instance.start()
    nginx = await startNginxUnderTest([instance.address], { requestsPerInstance })
  })
  afterAll(async () => {
    await nginx.remove()
    await instance.stop()
  })

  it('is refused at once with 503, and what is kept is given', async () => {
    const get = async (path: string) => {
      const startMs = performance.now()
      const response = await fetch(`${nginx.url}${path}`)
      await response.arrayBuffer()
      return { response, status: response.status, tookMs: performance.now() - startMs }
    }
    await get('/products/900')
    // Until the kept reply has expired.
    await sleep(2_500)
    instance.delayMs = holdMs
    const held = Array.from({ length: requestsPerInstance + asLastResort }, (_, index) =>
      get(`/products/${index + 1}`),
    )
    await sleep(100)

    const refused = await Promise.all([get('/products/50'), get('/products/51')])
    const kept = await get('/products/900')

    expect(refused.map(({ status }) => status)).toEqual([503, 503])
    expect(refused[0]?.response.headers.get('retry-after')).not.toBeNull()
    expect(kept.status).toBe(200)
    expect(kept.response.headers.get('cache-status')).toContain('detail=stale')
    expect(Math.max(...[...refused, kept].map(({ tookMs }) => tookMs))).toBeLessThan(atOnceMsMax)
    expect((await Promise.all(held)).map(({ status }) => status)).toEqual(held.map(() => 200))
  })
})
