import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { manyProducts, smallCatalogue } from './lib/catalogue.ts'
import { useTestService } from './lib/service.ts'

const { request, service } = useTestService({
  ...smallCatalogue,
  product: [...smallCatalogue.product, ...manyProducts(500, 1000).product],
})

describe('Accept-Encoding', () => {
  const large = '/products?count=50'
  const decoders = { br: brotliDecompressSync, gzip: gunzipSync }

  it.each([
    ['br', 'br'],
    ['gzip', 'gzip'],
    ['gzip, deflate, br', 'br'],
    ['gzip;q=1, br;q=0.5', 'gzip'],
    ['*', 'br'],
    ['br;q=0, *', 'gzip'],
    ['GZIP', 'gzip'],
  ] as const)('%s is answered in %s, once cold and once hot', async (accepted, encoding) => {
    service().services.replies.clear()
    const identity = await request(large).then((response) => response.text())
    service().services.replies.clear()

    for (const state of ['fwd=miss; stored', 'hit']) {
      const response = await request(large, {
        headers: { 'accept-encoding': accepted },
      })
      const body = Buffer.from(await response.arrayBuffer())

      expect(response.headers.get('content-encoding')).toBe(encoding)
      expect(response.headers.get('content-length')).toBe(String(body.length))
      expect(response.headers.get('cache-status')).toBe(`product-overview; ${state}`)
      expect(decoders[encoding](body).toString()).toBe(identity)
    }
  })

  it.each([
    '',
    'identity',
    'deflate',
    'br;q=0',
    'zstd',
    'br;q=0, gzip;q=0.0',
    'br;q=nonsense',
    'br;q=-1',
    'identity, br;q=0.1',
    'gzip;q=0.5, identity;q=0.6',
  ])('%j is answered as it is', async (accepted) => {
    const response = await request(large, {
      headers: { 'accept-encoding': accepted },
    })

    expect(response.headers.get('content-encoding')).toBeNull()
    expect(response.headers.get('vary')).toBe('Accept-Encoding')
  })

  it('does not change the tag, which is weak', async () => {
    const plain = (await request(large)).headers.get('etag')

    const response = await request(large, { headers: { 'accept-encoding': 'br' } })

    expect(response.headers.get('etag')).toBe(plain)
  })

  it('leaves small bodies alone', async () => {
    const response = await request('/products/1/related', { headers: { 'accept-encoding': 'br' } })

    expect(response.headers.get('content-encoding')).toBeNull()
  })

  it('is counted: a reply that grew by a compressed body weighs more', async () => {
    const { replies } = service().services
    replies.clear()
    await request(large)
    const before = replies.bytes()

    await request(large, { headers: { 'accept-encoding': 'gzip' } })

    expect(replies.bytes()).toBeGreaterThan(before)
  })
})
