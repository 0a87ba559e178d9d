import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import type { NginxSettings } from '../../deploy/nginx/settings.ts'
import { describeNginx, type NginxUnderTest, startNginxUnderTest } from './nginx-fixture.ts'
import { getRaw, sendRaw } from './raw-http.ts'
import { StubInstance } from './stub-instance.ts'

describeNginx('what one client may do', () => {
  const instance = new StubInstance()
  let nginx: NginxUnderTest | undefined

  const start = async (given: Partial<NginxSettings>) =>
    (nginx = await startNginxUnderTest([instance.address], given))

  beforeAll(() => instance.start())

  afterEach(async () => {
    await nginx?.remove()
    nginx = undefined
  })

  afterAll(() => instance.stop())

  it('is bounded in requests a second: 429 with Retry-After, also for what is kept', async () => {
    const { url } = await start({ requestsPerSecond: 5, requestBurst: 10 })

    const answers = await Promise.all(Array.from({ length: 40 }, () => fetch(`${url}/products/1`)))
    const limited = answers.filter(({ status }) => status === 429)
    await sleep(1_100)
    const later = await fetch(`${url}/products/1`)

    expect(answers.filter(({ status }) => status === 200).length).toBeGreaterThanOrEqual(11)
    expect(limited.length).toBeGreaterThan(10)
    expect(limited[0]?.headers.get('retry-after')).toBe('1')
    expect(limited[0]?.headers.get('content-type')).toBe('application/problem+json')
    expect(await limited[0]?.json()).toMatchObject({ status: 429, title: 'Too Many Requests' })
    expect(later.status).toBe(200)
  })

  it('is bounded by the address that a trusted load balancer names, and by no other', async () => {
    const { port } = await start({
      requestsPerSecond: 1,
      requestBurst: 1,
      trustedProxies: ['127.0.0.0/8'],
    })
    const from = (client: string) => getRaw(port, '/products/1', `X-Forwarded-For: ${client}\r\n`)

    const one = ['203.0.113.7', '6.6.6.6, 203.0.113.7', '7.7.7.7, 203.0.113.7']
    const household = ['2001:db8:1:2:3::1', '2001:db8:1:2:4::9', '2001:db8:1:2:5::']

    expect(await inTurn(one.map((client) => () => from(client)))).toEqual([200, 200, 429])
    expect(await inTurn([() => from('203.0.113.8')])).toEqual([200])
    expect(await inTurn(household.map((client) => () => from(client)))).toEqual([200, 200, 429])
  })

  it('does not depend on an address that the client itself names', async () => {
    const { port } = await start({ requestsPerSecond: 1, requestBurst: 1 })
    const from = (client: string) => getRaw(port, '/products/1', `X-Forwarded-For: ${client}\r\n`)

    const statuses = await inTurn(['1', '2', '3'].map((end) => () => from(`203.0.113.${end}`)))

    expect(statuses).toEqual([200, 200, 429])
  })

  it('is not bounded for networks that are exempt', async () => {
    const { url } = await start({
      requestsPerSecond: 1,
      requestBurst: 1,
      unlimitedClients: ['127.0.0.0/8'],
    })

    const answers = await Promise.all(Array.from({ length: 20 }, () => fetch(`${url}/products/1`)))

    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200))
  })

  it('is bounded in requests at once', async () => {
    const { url } = await start({ connectionsPerClient: 3 })
    instance.delayMs = 300

    const answers = await Promise.all(
      Array.from({ length: 9 }, (_, index) => fetch(`${url}/products/${100 + index}`)),
    )
    instance.delayMs = 0

    const statuses = answers.map(({ status }) => status).toSorted((a, b) => a - b)
    expect(statuses).toEqual([200, 200, 200, 429, 429, 429, 429, 429, 429])
  })

  it('ends when it is too slow: a header, a request line, a body in drops', async () => {
    const { port, url } = await start({})
    const head = 'GET /products/1 HTTP/1.1\r\nHost: shop.test\r\n'
    const drops = Array.from({ length: 8 }, (_, index) => `X-${index}: drop\r\n`)

    const slow = await Promise.all([
      sendRaw(port, [head, ...drops], 900),
      sendRaw(port, 'GET /produ'.split(''), 900),
      sendRaw(port, [`${head}Content-Length: 8\r\n\r\n`, 'a']),
      sendRaw(port, ['']),
    ])
    const other = await fetch(`${url}/products/1`)

    // client_header_timeout and client_body_timeout are 5 s.
    for (const { tookMs, status } of slow) {
      expect(tookMs).toBeLessThan(7_500)
      expect(status).toBe(0)
    }
    expect(other.status).toBe(200)
  })
})

/** The statuses of requests made one after the other. */
async function inTurn(requests: readonly (() => Promise<{ status: number }>)[]): Promise<number[]> {
  const statuses: number[] = []
  for (const request of requests) statuses.push((await request()).status)
  return statuses
}
