import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startPostgres, type TestPostgres } from '../database.ts'
import { createCatalogueDatabase, idAt, importLines, manyProducts } from './catalogue.ts'
import { openTestService, type TestService } from './service.ts'

/** A cold read must be refused within a second. */
const refusalMsMax = 1000
/** Once a database is known to be down there is nothing to wait for. */
const knownDownMsMax = 100
const recoveryMsMax = 5000
/** A deadline for two attempts on a busy machine. */
const patientMs = 2000

let postgres: TestPostgres
let service: TestService

beforeAll(async () => {
  postgres = await startPostgres()
  await importLines(postgres.url, manyProducts(900))
  service = await openTestService(postgres.url)
})
afterAll(async () => {
  await service.services.close()
  await postgres.drop()
})

const hot = '/products/1'
let next = 100
const cold = () => `/products/${idAt((next += 1))}`

const timed = async (path: string, { app } = service) => {
  const started = performance.now()
  const response = await app.request(path)
  const body = await response.text()
  return {
    status: response.status,
    headers: response.headers,
    body,
    ms: performance.now() - started,
  }
}

const expectRefusal = (
  { status, headers, body, ms }: Awaited<ReturnType<typeof timed>>,
  msMax: number,
) => {
  expect(status).toBe(503)
  expect(headers.get('retry-after')).toBe('1')
  expect(headers.get('cache-control')).toBe('no-store')
  expect(JSON.parse(body)).toMatchObject({ status: 503, title: 'Service Unavailable' })
  expect(ms).toBeLessThan(msMax)
}

const expectRecovery = async () => {
  await expect
    .poll(async () => (await timed(cold())).status, { timeout: recoveryMsMax, interval: 50 })
    .toBe(200)
}

const expectKnownDown = async () => {
  await expect
    .poll(() => service.services.follower.obstacle(), { timeout: 3000, interval: 20 })
    .toBe('no database answers')
}

describe('a database that goes away', () => {
  it.each(['stop', 'kill'] as const)(
    'by %s: hot replies go on, cold ones are refused, and it recovers by itself',
    async (way) => {
      await timed(hot)
      await timed(cold())

      await postgres[way]()

      expectRefusal(await timed(cold()), refusalMsMax)
      expect((await timed(hot)).status).toBe(200)
      await expectKnownDown()
      expectRefusal(await timed(cold()), knownDownMsMax)
      expectRefusal(await timed('/products?count=800'), knownDownMsMax)
      expectRefusal(await timed('/readyz'), knownDownMsMax)

      await postgres.start()
      await expectRecovery()
      expect((await timed('/readyz')).status).toBe(200)
    },
  )

  it('frozen, while it still accepts connections: the same', async () => {
    await timed(hot)
    await timed(cold())

    await postgres.freeze()

    const refusals = await Promise.all(
      [cold(), cold(), '/products?page=90', '/products?count=700'].map((path) => timed(path)),
    )
    for (const refusal of refusals) expectRefusal(refusal, refusalMsMax)
    expect((await timed(hot)).status).toBe(200)
    await expectKnownDown()
    expectRefusal(await timed(cold()), knownDownMsMax)

    await postgres.thaw()
    await expectRecovery()
  })

  it('frozen, while another one answers: cold reads are answered by that one', async () => {
    const other = await createCatalogueDatabase(manyProducts(900))
    const both = await openTestService(postgres.url, {
      REPLICA_URLS: other.url,
      READ_DEADLINE_MS: String(patientMs),
    })

    await postgres.freeze()
    const reads: ReturnType<typeof timed>[] = []
    for (let n = 1; n <= 20; n += 1) {
      const paths = [cold(), cold(), `/products?page=${n}`, `/products?count=${700 + n}`]
      reads.push(...paths.map((path) => timed(path, both)))
      await sleep(50)
    }
    const answers = await Promise.all(reads)
    await postgres.thaw()

    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
    expect(Math.max(...answers.map(({ ms }) => ms))).toBeLessThan(patientMs)
    await expectRecovery()
    await both.services.close()
    await other.drop()
  })

  it('one connection at a time: nobody notices', async () => {
    for (let n = 0; n < 5; n += 1) {
      await Promise.all([timed(cold()), timed(cold())])
      await query(
        `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'product-overview'`,
      )

      const answers = await Promise.all(
        [cold(), cold(), '/products?page=80', '/products?count=600'].map((path) => timed(path)),
      )

      expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200])
    }
  })

  it('for a table: a lock that is held is refused in time, and nothing is lost', async () => {
    const admin = new Client(postgres.url)
    await admin.connect()
    await admin.query('begin; lock table release_1.product_document in access exclusive mode')

    const refusal = await timed(cold())
    await admin.end()

    expectRefusal(refusal, refusalMsMax)
    expect((await timed(cold())).status).toBe(200)
  })

  it('in the middle of a large page: the answer breaks off, it does not end', async () => {
    const response = await service.app.request('/products?count=800')
    const reader = response.body?.getReader()
    await reader?.read()

    await postgres.kill()

    await expect(readToEnd(reader)).rejects.toThrow(/terminat/)
    await postgres.start()
    await expectRecovery()
  })
})

const query = async (text: string) => {
  const admin = new Client(postgres.url)
  await admin.connect()
  await admin.query(text)
  await admin.end()
}

const readToEnd = async (reader: ReadableStreamDefaultReader<unknown> | undefined) => {
  for (;;) {
    const part = await reader?.read()
    if (part === undefined || part.done) return
  }
}
