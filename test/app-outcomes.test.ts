import { describe, expect, it } from 'vitest'
import { createApp } from '../app.ts'
import { useTestService } from './lib/service.ts'

const { request, service } = useTestService()

const routes = [
  '/',
  '/products',
  '/products/1',
  '/products/1/styles',
  '/products/1/related',
  '/livez',
  '/readyz',
  '/metrics',
]
describe('a route', () => {
  it.each([
    '/nope',
    '/products/',
    '/products/1/',
    '/products/1/styles/',
    '/products//styles',
    '//products',
    '/products/1//styles',
    '/PRODUCTS',
    '/Products/1',
    '/products/1/Styles',
    '/products/1/photos',
    '/products/1/styles/1',
    '/livez/',
    '/%2Fproducts',
    '/%zz',
    '/products%3F/1',
  ])('%s does not exist: 404', async (path) => {
    const response = await service().app.request(`http://localhost${path}`)

    expect(response.status).toBe(404)
    expect(response.headers.get('content-type')).toBe('application/problem+json')
  })

  it.each(routes)('%s answers another method with 405 and Allow', async (path) => {
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'PROPFIND', 'QUERY']) {
      const response = await request(path, { method })

      expect(response.status).toBe(405)
      expect(response.headers.get('allow')).toBe('GET, HEAD, OPTIONS')
      expect(await response.json()).toMatchObject({
        status: 405,
        title: 'Method Not Allowed',
        detail: `method: expected GET, HEAD, OPTIONS, came "${method}"`,
        instance: path,
      })
    }
  })

  it('is decided before its values: POST /products/abc is 405, POST /products?page=0 too', async () => {
    const byId = await request('/products/abc', { method: 'POST' })
    const byPage = await request('/products?page=0', { method: 'POST' })

    expect([byId.status, byPage.status]).toEqual([405, 405])
  })

  it.each(routes)('%s answers OPTIONS with 204, Allow and no body', async (path) => {
    const response = await request(path, { method: 'OPTIONS' })

    expect(response.status).toBe(204)
    expect(response.headers.get('allow')).toBe('GET, HEAD, OPTIONS')
    expect(response.body).toBeNull()
  })

  it.each(['POST', 'OPTIONS', 'DELETE'])(
    'that does not exist is 404 for %s too',
    async (method) => {
      const response = await request('/nope', { method })

      expect(response.status).toBe(404)
    },
  )

  it.each([...routes, '/products/999', '/products/abc', '/nope', '/products?count=400'])(
    '%s answers HEAD like GET, without the body',
    async (path) => {
      const get = await request(path)
      const head = await request(path, { method: 'HEAD' })

      expect(head.status).toBe(get.status)
      expect(head.body).toBeNull()
      for (const name of ['content-type', 'etag', 'cache-control', 'vary']) {
        expect(head.headers.get(name)).toBe(get.headers.get(name))
      }
      await get.body?.cancel()
    },
  )

  it('ignores credentials', async () => {
    const response = await request('/products/1', {
      headers: { authorization: 'Bearer nonsense', cookie: 'session=1' },
    })

    expect(response.status).toBe(200)
    expect(response.headers.get('cache-control')).toContain('public')
  })
})

describe('a problem', () => {
  it.each([
    ['/products/abc', 400],
    ['/products/999', 404],
    ['/nope', 404],
  ])('%s is problem+json with all five members', async (path, status) => {
    const response = await request(path)

    expect(response.headers.get('content-type')).toBe('application/problem+json')
    expect(await response.json()).toEqual({
      type: 'about:blank',
      title: { 400: 'Bad Request', 404: 'Not Found' }[status],
      status,
      detail: expect.stringMatching(/expected/),
      instance: path,
    })
  })

  it('says which value was wrong, and names path and query', async () => {
    const response = await request('/products?count=7&page=abc')

    expect(await response.json()).toMatchObject({
      detail:
        'page: expected a whole number from 1 to 2147483647 without leading zeros, came "abc"',
      instance: '/products?count=7&page=abc',
    })
  })

  it('repeats no more of a long value than a line', async () => {
    const response = await request(`/products/${'9'.repeat(1900)}`)

    expect((await response.text()).length).toBeLessThan(700)
  })

  it('of our own making is 500, shows nothing of the inside and is no cache entry', async () => {
    const { services } = service()
    const app = createApp({
      ...services,
      catalog: {
        ...services.catalog,
        product: () => Promise.reject(new Error('postgres://user:password@host')),
      },
    })

    const response = await app.request('/products/3')

    expect(response.status).toBe(500)
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(await response.json()).toEqual({
      type: 'about:blank',
      title: 'Internal Server Error',
      status: 500,
      detail: 'the fault is ours and is logged',
      instance: '/products/3',
    })
  })
})
