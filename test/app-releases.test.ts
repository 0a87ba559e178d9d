import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Client } from 'pg'
import { dropRelease, publishRelease } from '../etl/publish.ts'
import { connectControl } from '../etl/session.ts'
import { createDatabase, type TestDatabase } from './database.ts'
import { importLines } from './lib/catalogue.ts'
import { openTestService, type TestService } from './lib/service.ts'

const productsMax = 700
/** A change must be seen within a second. */
const switchMsMax = 1000

let database: TestDatabase
let control: Client
let service: TestService

/** A catalogue that says in every product which import it is. */
const edition = (name: string, products = productsMax) => ({
  product: Array.from(
    { length: products },
    (_, index) => `${index + 1},"${name}","Edition ${name}","All alike","Editions",${index}`,
  ),
})

beforeAll(async () => {
  database = await createDatabase()
  await importLines(database.url, edition('1'))
  await importLines(database.url, edition('2', productsMax - 1))
  control = await connectControl(database.url)
  await publishRelease(control, 1)
  service = await openTestService(database.url)
})
afterAll(async () => {
  await service.services.close()
  await control.end()
  await database.drop()
})

const releaseOf = async (path: string) => {
  const response = await service.app.request(path)
  await response.body?.cancel()
  return response.headers.get('x-catalog-release')
}

const publishAndWait = async (release: number) => {
  await publishRelease(control, release)
  await expect
    .poll(() => service.services.follower.release(), { timeout: switchMsMax, interval: 10 })
    .toBe(release)
}

describe('the release that is live', () => {
  it('is followed by hot and cold replies within a second, forth and back', async () => {
    for (const release of [2, 1, 2, 1]) {
      await releaseOf('/products/5')
      await publishAndWait(release)

      expect(await releaseOf('/products/5')).toBe(String(release))
      expect(await releaseOf('/products')).toBe(String(release))
      expect(await releaseOf('/products?count=650')).toBe(String(release))
    }
  })

  it('changes the tag of what changed, and of streamed pages, and keeps it of what did not', async () => {
    const etags = async () =>
      Promise.all(
        ['/products/5', '/products/5/styles', '/products?count=400'].map(async (path) => {
          const response = await service.app.request(path)
          await response.body?.cancel()
          return response.headers.get('etag')
        }),
      )
    await publishAndWait(1)
    const first = await etags()
    await publishAndWait(2)
    const second = await etags()

    expect(second[0]).not.toBe(first[0])
    expect(second[1]).toBe(first[1])
    expect(second[2]).not.toBe(first[2])
  })

  it('knows products of its own only: what another release lacks is 404 there', async () => {
    await publishAndWait(1)
    const there = await service.app.request(`/products/${productsMax}`)
    await publishAndWait(2)
    const gone = await service.app.request(`/products/${productsMax}`)

    expect([there.status, gone.status]).toEqual([200, 404])
  })

  it('is never mixed with another in one answer, however often it changes', async () => {
    let isOver = false
    let answers = 0
    const mixed: string[] = []
    const reader = async (paths: readonly string[]) => {
      while (!isOver) {
        // Hits take no turn of the event loop: without this one the pointer would never move.
        await turn()
        for (const path of paths) {
          const response = await service.app.request(path)
          const body: unknown = await response.json()
          const release = response.headers.get('x-catalog-release')
          const products = (Array.isArray(body) ? body : [body]) as { name: string }[]
          if (response.status !== 200 || products.some(({ name }) => name !== release)) {
            mixed.push(
              `${path}: ${response.status} ${release} ${JSON.stringify(body).slice(0, 200)}`,
            )
          }
          answers += 1
        }
      }
    }
    const readers = [
      reader(['/products/1', '/products/2', '/products/3']),
      reader(['/products', '/products?page=2&count=100', '/products?page=1&count=300']),
      reader(['/products?count=650', '/products?page=2&count=320']),
    ]
    for (let move = 0; move < 30; move += 1) {
      await publishRelease(control, 1 + (move % 2))
      await sleep(60)
    }
    isOver = true
    await Promise.all(readers)

    expect(mixed).toEqual([])
    expect(answers).toBeGreaterThan(50)
  })

  it('is read again when it was dropped before the process saw the pointer move', async () => {
    const own = await openTestService(database.url, { RELEASE_POLL_MS: '60000' })
    await publishAndWait(2)
    await own.services.follower.start()
    const doomed = await importLines(database.url, edition('3'))
    await own.services.follower.start()
    await publishRelease(control, 2)
    await dropRelease(control, doomed)

    const response = await own.app.request('/products/7')
    const page = await own.app.request('/products?count=500')

    expect(response.status).toBe(200)
    expect(response.headers.get('x-catalog-release')).toBe('2')
    expect(page.headers.get('x-catalog-release')).toBe('2')
    await page.body?.cancel()
    await own.services.close()
  })
})
