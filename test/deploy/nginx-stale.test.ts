import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { describeNginx, type NginxUnderTest, startNginxUnderTest } from './nginx-fixture.ts'
import { problem, StubInstance } from './stub-instance.ts'

/** What NGINX may add to a process's own delay; after it every entry has expired. */
const addedMsMax = 2_000

describeNginx('replies that NGINX keeps', () => {
  const instance = new StubInstance()
  let nginx: NginxUnderTest
  let productId = 0
  let path = ''

  const get = (target = path) => fetch(`${nginx.url}${target}`)
  const releaseOf = async (target = path) => {
    const response = await get(target)
    await response.arrayBuffer()
    return Number(response.headers.get('x-catalog-release'))
  }

  beforeAll(async () => {
    await instance.start()
    nginx = await startNginxUnderTest([instance.address])
  })

  beforeEach(() => {
    path = `/products/${(productId += 1)}`
    instance.override = undefined
  })

  afterAll(async () => {
    await nginx.remove()
    await instance.stop()
  })

  it('show a change within 2 s of the process, at whatever moment they were fetched', async () => {
    const paths = Array.from({ length: 20 }, () => `/products/${(productId += 1)}/styles`)
    for (const target of paths) {
      await releaseOf(target)
      await sleep(50)
    }

    instance.release += 1
    const publishMs = performance.now()
    await sleep(addedMsMax - (performance.now() - publishMs))

    // Each is asked once only: an entry in between would be renewed by the asking.
    const seen = await Promise.all(paths.map((target) => releaseOf(target)))
    expect(new Set(seen)).toEqual(new Set([instance.release]))
  })

  it('show a change at once when nobody had asked for long', async () => {
    await releaseOf()
    await sleep(addedMsMax + 1_000)

    instance.release += 1

    expect(await releaseOf()).toBe(instance.release)
  })

  it('show the new release though the tag is the same in both, and both workers do', async () => {
    await Promise.all(Array.from({ length: 20 }, () => releaseOf()))
    await sleep(addedMsMax)

    instance.release += 1
    await releaseOf()
    const seen = await Promise.all(Array.from({ length: 40 }, () => releaseOf()))

    expect(new Set(seen)).toEqual(new Set([instance.release]))
  })

  it('do not outlive their product', async () => {
    expect((await get()).status).toBe(200)
    instance.removed.add(productId)

    await sleep(addedMsMax)

    expect((await get()).status).toBe(404)
  })

  it('are served stale for an error of the instances', async () => {
    const statuses = [500, 502, 503, 504]
    const fresh = await Promise.all(
      statuses.map(async (at) => (await get(`/products/${at}`)).text()),
    )
    await sleep(addedMsMax)

    for (const [index, status] of statuses.entries()) {
      instance.override = (_, response) => problem(response, status, 'no-store')
      const stale = await get(`/products/${status}`)
      expect(stale.status).toBe(200)
      expect(await stale.text()).toBe(fresh[index])
      expect(stale.headers.get('cache-status')).toMatch(/nginx; hit; ttl=-1; detail=stale$/)
    }
  })

  it('are not replaced by an answer that broke off', async () => {
    const fresh = await (await get()).text()
    await sleep(addedMsMax)
    instance.override = (_, response) => {
      response.writeHead(200, { 'cache-control': 's-maxage=1', 'content-length': 5000 })
      response.write('{"half":')
      setTimeout(() => response.destroy(), 20)
    }
    await get()
      .then((response) => response.text())
      .catch(() => undefined)
    instance.override = (_, response) => response.destroy()

    const answer = await get()

    expect(await answer.text()).toBe(fresh)
  })

  it('are served stale while no instance lives, also by an NGINX that was started since', async () => {
    const asked = [path, `${path}/styles`, '/products?page=1&count=7']
    const fresh = await Promise.all(asked.map(async (target) => (await get(target)).text()))
    await sleep(addedMsMax)
    await instance.stop()

    const stale = await Promise.all(asked.map(async (target) => (await get(target)).text()))
    await nginx.stop()
    const before = nginx
    nginx = await startNginxUnderTest([instance.address], {}, before.folder)
    const startMs = performance.now()
    const restarted = await Promise.all(asked.map(async (target) => (await get(target)).text()))
    const tookMs = performance.now() - startMs
    const never = await get('/products/999')
    await instance.start()
    const again = await get('/products/999')

    expect(stale).toEqual(fresh)
    expect(restarted).toEqual(fresh)
    expect(tookMs).toBeLessThan(500)
    expect(never.status).toBe(503)
    expect(never.headers.get('retry-after')).toBe('1')
    expect(await never.json()).toMatchObject({ status: 503, title: 'Service Unavailable' })
    expect(again.status).toBe(200)
  })
})
