import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type HostileRequest, hostileRequests } from './hostile-requests.ts'
import { describeNginx, type NginxUnderTest, startNginxUnderTest } from './nginx-fixture.ts'
import { getRaw, sendRaw } from './raw-http.ts'
import { StubInstance } from './stub-instance.ts'

const atOnce = 16
/** Statuses past 499 that a request may bring upon itself: a method or a version that nobody knows. */
const oddStatuses = new Set([501, 505])
const inside = /nginx\/|\bnode\b|\.[cm]?[jt]s\b|postgres|127\.0\.0\.1|stack|\/(?:work|tmp|etc)\//i
const operations = /^\/+(?:livez|readyz|metrics)\/*$/i
const good = ['/products/1', '/products/1/styles', '/products?page=1&count=5', '/']

describe('the hostile requests', () => {
  it('are at least 300', () => {
    expect(hostileRequests.length).toBeGreaterThanOrEqual(300)
  })
})

describeNginx('hostile requests', () => {
  const instance = new StubInstance()
  let nginx: NginxUnderTest

  beforeAll(async () => {
    await instance.start()
    nginx = await startNginxUnderTest([instance.address])
  })

  afterAll(async () => {
    await nginx.remove()
    await instance.stop()
  })

  it('get no 5xx, learn nothing of the inside, and leave nothing for others', async () => {
    const bodies = async () =>
      Promise.all(good.map(async (target) => (await getRaw(nginx.port, target)).body))
    const before = await bodies()
    const harm: object[] = []
    const queue = hostileRequests.values()
    const attack = async () => {
      for (const request of queue) harm.push(...(await harmOf(nginx.port, request)))
    }

    await Promise.all(Array.from({ length: atOnce }, attack))

    expect(harm).toEqual([])
    expect(await bodies()).toEqual(before)
    expect(instance.targets.filter((target) => operations.test(pathOf(target ?? '')))).toEqual([])
  })
})

/** What went wrong with the answers to a request; empty when nothing did. */
async function harmOf(port: number, { what, bytes }: HostileRequest): Promise<object[]> {
  const answer = await sendRaw(port, bytes)
  const statuses = [...answer.text.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) =>
    Number(status),
  )
  const failed = statuses.filter((status) => status >= 500 && !oddStatuses.has(status))
  const told = answer.status >= 400 && inside.test(answer.body)
  return failed.length > 0 || told
    ? [{ what: what.slice(0, 100), statuses, body: answer.body }]
    : []
}

/** The path of a target as the most obliging server would read it: decoded, without dot segments. */
function pathOf(target: string): string {
  try {
    return decodeURIComponent(new URL(`http://shop.test${target}`).pathname)
  } catch {
    return target
  }
}
