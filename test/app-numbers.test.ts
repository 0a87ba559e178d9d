import { describe, expect, it } from 'vitest'
import { useTestService } from './lib/service.ts'

const { request } = useTestService()

const productRoutes = ['', '/styles', '/related']

const wrongNumbers = [
  'abc',
  '0',
  '-1',
  '+1',
  '01',
  '1.0',
  '1e3',
  '0x1',
  '1_000',
  ' 1',
  '2147483648',
  '99999999999999999999',
  '१',
  'NaN',
]

describe('an id', () => {
  const wrongIds = [
    ...wrongNumbers.map(encodeURIComponent),
    '1%00',
    '1%2F2',
    '%zz',
    '%',
    '%E0%A4%A',
    '1%',
    '%2531',
  ]

  it.each(wrongIds)('%s is answered 400 on all product routes', async (id) => {
    for (const route of productRoutes) {
      const response = await request(`/products/${id}${route}`)

      expect(response.status).toBe(400)
      expect(await response.json()).toMatchObject({
        detail: expect.stringContaining('product_id: expected a whole number from 1 to 2147483647'),
      })
    }
  })

  it.each(['999', '2147483646'])(
    '%s of no product is answered 404 on all product routes',
    async (id) => {
      for (const route of productRoutes) {
        const response = await request(`/products/${id}${route}`)

        expect(response.status).toBe(404)
        expect(await response.json()).toMatchObject({
          status: 404,
          detail: `product_id: expected the id of a product, came ${id}`,
          instance: `/products/${id}${route}`,
        })
      }
    },
  )

  it('may be percent-encoded', async () => {
    const response = await request('/products/%31%32')

    expect(await response.json()).toMatchObject({ id: 12 })
  })
})

describe('page and count', () => {
  const wrongValues = [
    ...wrongNumbers.map(encodeURIComponent),
    '',
    '1+',
    '+1',
    '%20',
    '%zz',
    '%',
    '1%00',
  ]

  it.each(wrongValues)('%j is answered 400', async (value) => {
    for (const name of ['page', 'count']) {
      const response = await request(`/products?${name}=${value}`)

      expect(response.status).toBe(400)
      expect(await response.json()).toMatchObject({
        detail: expect.stringMatching(new RegExp(`^${name}: expected`)),
      })
    }
  })

  it.each([
    'page',
    'page&count=5',
    'page=1&page=1',
    'count=5&page=1&count=6',
    'page=1&p%61ge=1',
    'count=10001',
    'count=2147483647',
  ])('?%s is answered 400', async (query) => {
    const response = await request(`/products?${query}`)

    expect(response.status).toBe(400)
  })

  it.each([
    'page=1&count=5',
    'count=5',
    'p%61ge=1',
    'page=%31',
    'page=2147483647',
    'count=10000',
    'x=%zz&page=1',
    '%zz=1',
    'x=1&x=2',
    '&&page=1&',
    'Page=abc',
    'page[]=abc',
    'x=page=abc',
    '',
  ])('?%s is answered 200', async (query) => {
    const response = await request(`/products?${query}`)

    expect(response.status).toBe(200)
    await response.body?.cancel()
  })

  it.each(['/products/1?page=abc', '/products/1/styles?count=0&count=0', '/?page=%zz'])(
    'mean nothing on other routes: %s',
    async (path) => {
      const response = await request(path)

      expect(response.status).toBe(200)
    },
  )
})
