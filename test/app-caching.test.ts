import { assert, asyncProperty, constantFrom, shuffledSubarray, tuple } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { manyProducts, smallCatalogue } from './lib/catalogue.ts'
import { useTestService } from './lib/service.ts'

const { request, service } = useTestService({
  ...smallCatalogue,
  product: [...smallCatalogue.product, ...manyProducts(500, 1000).product],
})

const paths = [
  '/',
  '/products',
  '/products?page=2&count=3',
  '/products?count=400',
  '/products/1',
  '/products/1/styles',
  '/products/1/related',
]

const cached = paths.filter((path) => !path.includes('400'))
const etagOf = async (path: string) => {
  const response = await request(path)
  await response.body?.cancel()
  return response.headers.get('etag') ?? ''
}

const forms = (etag: string) => [
  etag,
  etag.replace('W/', ''),
  '*',
  `"other", ${etag}`,
  `W/"a,b" ,${etag} , "c"`,
  ` ${etag} `,
]

const spelling = (name: string, value: number) =>
  constantFrom(`${name}=${value}`, `${name}=%3${value}`, `${name.replace('o', '%6F')}=${value}`)

describe('every 200', () => {
  it.each(paths)(
    '%s has a weak ETag, how long it keeps, one Vary line, its source and its release',
    async (path) => {
      const { headers, body } = await request(path)

      expect(headers.get('etag')).toMatch(/^W\/"[\w-]+"$/)
      expect(headers.get('cache-control')).toBe(
        'public, max-age=1, s-maxage=1, stale-while-revalidate=1, stale-if-error=86400',
      )
      expect(headers.get('vary')).toBe('Accept-Encoding')
      expect(headers.get('cache-status')).toMatch(/^product-overview; (hit|fwd=)/)
      expect(headers.get('x-catalog-release')).toBe('1')
      await body?.cancel()
    },
  )

  it.each(cached)('%s says that it was stored, and then that it was a hit', async (path) => {
    service().services.replies.clear()

    const first = await request(path)
    const second = await request(path)

    expect(first.headers.get('cache-status')).toBe('product-overview; fwd=miss; stored')
    expect(second.headers.get('cache-status')).toBe('product-overview; hit')
    expect(await second.text()).toBe(await first.text())
  })

  it('that is streamed says that the cache was passed by', async () => {
    const response = await request('/products?count=400')

    expect(response.headers.get('cache-status')).toBe('product-overview; fwd=bypass')
    await response.body?.cancel()
  })

  it('that many ask for at once is loaded once', async () => {
    service().services.replies.clear()

    const responses = await Promise.all(Array.from({ length: 20 }, () => request('/products/2')))

    const states = responses.map(({ headers }) => headers.get('cache-status'))
    expect(states.filter((state) => state === 'product-overview; fwd=miss; stored')).toHaveLength(1)
    expect(
      states.filter((state) => state === 'product-overview; fwd=miss; collapsed'),
    ).toHaveLength(19)
  })
})

describe('If-None-Match', () => {
  it.each(paths)(
    '%s answers 304 to its tag in every form, without body and content headers',
    async (path) => {
      for (const form of forms(await etagOf(path))) {
        const response = await request(path, { headers: { 'if-none-match': form } })

        expect(response.status).toBe(304)
        expect(response.body).toBeNull()
        expect(response.headers.get('content-type')).toBeNull()
        expect(response.headers.get('content-length')).toBeNull()
      }
    },
  )

  it.each(paths)('%s repeats on a 304 what caches need', async (path) => {
    const full = await request(path)
    const response = await request(path, { headers: { 'if-none-match': '*' } })

    for (const name of ['etag', 'cache-control', 'vary', 'x-catalog-release']) {
      expect(response.headers.get(name)).toBe(full.headers.get(name))
    }
    expect(response.headers.get('cache-status')).toMatch(/^product-overview; /)
    await full.body?.cancel()
  })

  it('is heard when Cache-Control: no-cache is sent too, as fetch() does', async () => {
    const response = await request('/products/1', {
      headers: { 'if-none-match': await etagOf('/products/1'), 'cache-control': 'no-cache' },
    })

    expect(response.status).toBe(304)
  })

  it.each(['"other"', 'W/"other"', '"x", "y"', '', 'garbage', '"unclosed'])(
    'of another tag gets the whole: %s',
    async (form) => {
      const response = await request('/products/1', { headers: { 'if-none-match': form } })

      expect(response.status).toBe(200)
    },
  )

  it('does not turn a 404 or a 400 into a 304', async () => {
    const missing = await request('/products/999', { headers: { 'if-none-match': '*' } })
    const wrong = await request('/products/abc', { headers: { 'if-none-match': '*' } })

    expect([missing.status, wrong.status]).toEqual([404, 400])
  })
})

describe('a 404 of a product', () => {
  it('may be cached for a moment, and is a hit the second time', async () => {
    await request('/products/998')

    const response = await request('/products/998')

    expect(response.headers.get('cache-control')).toBe('public, max-age=1, s-maxage=1')
    expect(response.headers.get('cache-status')).toBe('product-overview; hit')
    expect(response.headers.get('x-catalog-release')).toBe('1')
    expect(response.headers.get('etag')).toBeNull()
  })
})

describe('every other error', () => {
  it.each(['/products/abc', '/nope'])('%s may not be stored', async (path) => {
    const response = await request(path)

    expect(response.headers.get('cache-control')).toBe('no-store')
  })
})

describe('equal requests', () => {
  it('give equal bytes and tags, however page and count are written, and share one entry', async () => {
    const { replies } = service().services
    const noise = constantFrom('', 'utm=1', 'x=%zz', 'page[]=9', 'Count=3', '&')
    const query = tuple(noise, spelling('page', 2), noise, spelling('count', 3), noise).chain(
      (parts) => shuffledSubarray(parts, { minLength: 5 }),
    )
    const canonical = await request('/products?page=2&count=3')
    const body = await canonical.text()
    const entries = replies.entries()

    await assert(
      asyncProperty(query, async (parts) => {
        const response = await request(`/products?${parts.join('&')}`)

        expect(response.headers.get('etag')).toBe(canonical.headers.get('etag'))
        expect(await response.text()).toBe(body)
      }),
      { numRuns: 50 },
    )
    expect(replies.entries()).toBe(entries)
  })

  it('make no new entry by parameters that the route does not know', async () => {
    const { replies } = service().services
    await request('/products/1')
    const entries = replies.entries()

    for (let n = 0; n < 10; n += 1) await request(`/products/1?utm_source=${n}&page=${n}`)

    expect(replies.entries()).toBe(entries)
  })
})
