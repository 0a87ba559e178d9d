import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { describeNginx, type NginxUnderTest, startNginxUnderTest } from './nginx-fixture.ts'
import { StubInstance } from './stub-instance.ts'

/** After this every entry has expired. */
const freshMsMax = 2_000

describeNginx('the replies that NGINX keeps', () => {
  const instance = new StubInstance()
  let nginx: NginxUnderTest
  let productId = 0
  let path = ''

  const get = (target = path, headers: Record<string, string> = {}, method = 'GET') =>
    fetch(`${nginx.url}${target}`, { headers, method })
  /** Many readers of one target at the same moment: how long the last one waited, and what reached the instance. */
  const askAtOnce = async (target: string, readers: number) => {
    const readAll = (at: string) =>
      Promise.all(
        Array.from({ length: readers }, async () => {
          const response = await get(at)
          await response.arrayBuffer()
          return response
        }),
      )
    // Connections first: opening them all takes a busy machine longer than the answers.
    await readAll('/')
    instance.asked = []
    const startMs = performance.now()
    const answers = await readAll(target)
    const statuses = new Set(answers.map(({ status }) => status))
    return { statuses, asked: instance.asked.length, tookMs: performance.now() - startMs }
  }

  /** The quickest of several attempts on cold targets: another program may hold the processor during one. */
  const bestOf = async <T extends { tookMs: number }>(
    attempts: number,
    attempt: (target: string) => Promise<T>,
  ): Promise<T> => {
    const results: T[] = []
    for (let done = 0; done < attempts; done += 1) {
      results.push(await attempt(`/products/${(productId += 1)}`))
    }
    return results.reduce((best, result) => (result.tookMs < best.tookMs ? result : best))
  }

  beforeAll(async () => {
    await instance.start()
    nginx = await startNginxUnderTest([instance.address])
  })

  beforeEach(() => {
    path = `/products/${(productId += 1)}`
    instance.asked = []
    instance.override = undefined
    instance.delayMs = 0
  })

  afterAll(async () => {
    await nginx.remove()
    await instance.stop()
  })

  it('are fetched once, however many ask for a cold one at once', async () => {
    instance.delayMs = 10

    const herd = await bestOf(5, (target) => askAtOnce(target, 20))

    expect(herd.statuses).toEqual(new Set([200]))
    expect(herd.asked).toBe(1)
    // Waiters look again after 100 ms; left to itself NGINX would have them wait for 500.
    expect(herd.tookMs).toBeLessThan(400)
  })

  it('are not waited for when an instance takes its time: the herd goes on after 100 ms', async () => {
    instance.delayMs = 150

    const herd = await bestOf(5, (target) => askAtOnce(target, 20))

    expect(herd.tookMs).toBeLessThan(450)
  })

  it('answer conditional requests, and HEAD, from the entry of GET', async () => {
    const etag = (await get()).headers.get('etag') ?? ''

    const notModified = [
      await get(path, { 'if-none-match': etag }),
      await get(path, { 'if-none-match': `"x", ${etag}`, 'cache-control': 'no-cache' }),
      await get(path, { 'if-none-match': etag.slice(2) }),
      await get(path, { 'if-none-match': '*' }),
    ]
    const head = await get(path, {}, 'HEAD')

    for (const response of notModified) {
      expect(response.status).toBe(304)
      expect(response.headers.get('etag')).toBe(etag)
      expect(response.headers.get('x-catalog-release')).toBe(`${instance.release}`)
      expect(response.headers.get('cache-status')).toMatch(/nginx; hit$/)
    }
    expect((await get(path, { 'if-none-match': '"x"' })).status).toBe(200)
    expect(head.status).toBe(200)
    expect(await head.text()).toBe('')
    expect(instance.targets).toEqual([path])
  })

  it('are sent whole, whatever Range says', async () => {
    const response = await get(path, { range: 'bytes=0-3' })

    expect(response.status).toBe(200)
    expect(await response.json()).toMatchObject({ target: path })
    expect(response.headers.get('accept-ranges')).toBeNull()
  })

  it('include 404s, briefly', async () => {
    const gone = '/products/4000'

    const answers = [await get(gone), await get(gone), await get(gone)]
    await sleep(freshMsMax)
    await get(gone)

    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404])
    expect(answers.at(-1)?.headers.get('cache-status')).toBe('nginx; hit')
    expect(instance.targets).toEqual([gone, gone])
  })

  it('are not what an instance refuses to have kept', async () => {
    for (const cacheControl of ['no-store', 'private, max-age=60', 's-maxage=0, max-age=9', '']) {
      instance.override = (_, response) => {
        response.setHeader('cache-control', cacheControl)
        response.end('{}')
      }
      path = `/products/${(productId += 1)}`
      instance.asked = []
      await get()
      await get()
      expect([cacheControl, ...instance.targets]).toEqual([cacheControl, path, path])
    }
  })
})
