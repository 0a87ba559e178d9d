import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openBrowser } from './browser.ts'
import { describeNginx, type NginxUnderTest, startNginxUnderTest } from './nginx-fixture.ts'
import { problem, productIdMax, StubInstance } from './stub-instance.ts'

/** A read from a stopped instance ends after 1.5 s (proxy_read_timeout). */
const readMsMax = 1_500
const triesMax = 3

describeNginx('NGINX before two instances', () => {
  let instances: [StubInstance, StubInstance]
  let nginx: NginxUnderTest
  let productId = 0

  /** A cold read: its status, and how long it took. */
  const getCold = async () => {
    const startMs = performance.now()
    const response = await fetch(`${nginx.url}/products/${(productId += 1)}`)
    await response.arrayBuffer()
    return { status: response.status, tookMs: performance.now() - startMs }
  }
  const getManyCold = (many: number) => Promise.all(Array.from({ length: many }, getCold))

  beforeEach(async () => {
    instances = [await new StubInstance().start(), await new StubInstance().start()]
    nginx = await startNginxUnderTest(instances.map(({ address }) => address))
    productId = 0
  })

  afterEach(async () => {
    await nginx.remove()
    await Promise.all(instances.map((instance) => instance.stop()))
  })

  it('gives an instance that is slow less to do', async () => {
    instances[0].delayMs = 100

    const readers = Array.from({ length: 4 }, async () => {
      for (let done = 0; done < 25; done += 1) await getCold()
    })
    await Promise.all(readers)

    const [slow = 0, quick = 0] = instances.map(({ asked }) => asked.length)
    expect(quick).toBeGreaterThan(2 * slow)
  })

  it('keeps its connections to the instances', async () => {
    for (let done = 0; done < 40; done += 1) await getCold()

    const sockets = new Set(instances.flatMap(({ asked }) => asked.map(({ socket }) => socket)))
    // Two workers, two instances.
    expect(sockets.size).toBeLessThanOrEqual(4)
  })

  it('loses nothing when one instance dies, and uses it again when it is back', async () => {
    const answers = await getManyCold(5)
    await instances[0].stop()
    for (let round = 0; round < 10; round += 1) answers.push(...(await getManyCold(5)))
    await instances[0].start()
    // More than fail_timeout, of which NGINX counts whole seconds.
    await sleep(6_500)
    instances[0].asked = []
    for (let round = 0; round < 10; round += 1) answers.push(...(await getManyCold(5)))

    expect(statusesOf(answers)).toEqual([200])
    expect(instances[0].asked.length).toBeGreaterThan(0)
  })

  it('answers at once when both died and one is back, not after fail_timeout', async () => {
    await Promise.all(instances.map((instance) => instance.stop()))
    const meanwhile = await getManyCold(30)
    await instances[1].start()

    const startMs = performance.now()
    const after = await getManyCold(30)

    expect(statusesOf(meanwhile)).toEqual([503])
    expect(statusesOf(after)).toEqual([200])
    expect(performance.now() - startMs).toBeLessThan(1_000)
  })

  it('asks the other one when an instance is stopped but still takes connections', async () => {
    instances[0].override = () => undefined

    const first = await getManyCold(10)
    const second = await getManyCold(10)
    const afterwards = await getManyCold(50)

    expect(statusesOf([...first, ...second, ...afterwards])).toEqual([200])
    expect(Math.max(...first.map(({ tookMs }) => tookMs))).toBeLessThan(readMsMax + 500)
    // Left out after three failures: one probe in 5 s may still wait.
    const slow = afterwards.filter(({ tookMs }) => tookMs > readMsMax - 100)
    expect(slow.length).toBeLessThanOrEqual(1)
  })

  it('gives up in time when both are stopped, and serves stale what it has', async () => {
    const warm = `${nginx.url}/products/${(productId += 1)}`
    await (await fetch(warm)).arrayBuffer()
    await sleep(2_000)
    for (const instance of instances) instance.override = () => undefined

    const startMs = performance.now()
    const [cold, stale] = await Promise.all([getCold(), fetch(warm)])

    expect(cold.status).toBe(503)
    expect(stale.status).toBe(200)
    expect(performance.now() - startMs).toBeLessThan(triesMax * readMsMax + 500)
  })

  it('finds the one that lives though it was left out, and the other one is stopped', async () => {
    await instances[1].stop()
    for (let round = 0; round < 4; round += 1) await getManyCold(5)
    await instances[1].start()
    instances[0].override = () => undefined

    const answers = await getManyCold(30)

    expect(statusesOf(answers)).toEqual([200])
    expect(Math.max(...answers.map(({ tookMs }) => tookMs))).toBeLessThan(5_000)
  })

  it('does not carry a 503 from one instance to the next, nor hold it against the instance', async () => {
    for (const instance of instances) {
      instance.override = (_, response) => problem(response, 503, 'no-store')
    }

    const shed = await getManyCold(20)
    const asked = instances.flatMap((instance) => instance.asked).length
    for (const instance of instances) instance.override = undefined
    const afterwards = await getManyCold(20)

    expect(statusesOf(shed)).toEqual([503])
    expect(asked).toBe(20)
    expect(statusesOf(afterwards)).toEqual([200])
  })

  it('passes a 503 on as the instance wrote it', async () => {
    for (const instance of instances) {
      instance.override = (_, response) => problem(response, 503, 'no-store')
    }

    const response = await fetch(`${nginx.url}/products/1`)

    expect(response.headers.get('retry-after')).toBe('1')
    expect(await response.json()).toMatchObject({ title: 'from the instance' })
  })

  it('takes other instances up without losing a request', async () => {
    const third = await new StubInstance().start()
    const browser = openBrowser()
    const statuses = new Set<number>()
    const over = new AbortController()
    const readers = Array.from({ length: 2 }, async () => {
      while (!over.signal.aborted) {
        productId = (productId % productIdMax) + 1
        statuses.add(await browser.get(`${nginx.url}/products/${productId}`))
      }
    })

    await nginx.reload({ ...nginx.settings, instances: [third.address] })
    await expect.poll(() => third.asked.length, { timeout: 5_000 }).toBeGreaterThan(20)
    over.abort()
    await Promise.all(readers)
    browser.close()
    await third.stop()

    expect([...statuses]).toEqual([200])
  })
})

const statusesOf = (answers: readonly { status: number }[]) =>
  [...new Set(answers.map(({ status }) => status))].toSorted((a, b) => a - b)
