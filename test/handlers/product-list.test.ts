import { assert, asyncProperty, integer } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { idAt, manyProducts } from '../lib/catalogue.ts'
import { useTestService } from '../lib/service.ts'

const productsMax = 1200
const { request } = useTestService(manyProducts(productsMax))

const idsOf = async (path: string): Promise<number[]> => {
  const response = await request(path)
  const products = (await response.json()) as { id: number }[]
  return products.map(({ id }) => id)
}

const idsFrom = (start: number, count: number): number[] =>
  Array.from({ length: Math.max(0, Math.min(count, productsMax - start)) }, (_, index) =>
    idAt(start + index),
  )

describe('GET /products', () => {
  it('answers the first five products without their features, to the letter', async () => {
    const response = await request('/products')

    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe('application/json')
    const items = [1, 2, 3, 4, 5].map(
      (id) =>
        `{"id":${id},"name":"Product ${id}","slogan":"Slogan ${id}",` +
        `"description":"About ${id} in some words, so that it has a size","category":"Shoes","default_price":"${id}.00"}`,
    )
    expect(await response.text()).toBe(`[${items.join(',')}]`)
  })

  it('answers the n-th slice of the products that exist, whatever the gaps in their ids', async () => {
    const ids = await idsOf('/products?page=3&count=7')

    expect(ids).toEqual(idsFrom(14, 7))
  })

  it('answers count=1011, which real clients ask for', async () => {
    const ids = await idsOf('/products?count=1011')

    expect(ids).toEqual(idsFrom(0, 1011))
  })

  it('answers pages asked for in the same moment each with its own products', async () => {
    const asked = Array.from({ length: 60 }, (_, index) => ({
      page: 1 + ((index * 7) % 50),
      count: 1 + ((index * 31) % 300),
    }))

    const answers = await Promise.all(
      asked.map(({ page, count }) => idsOf(`/products?page=${page}&count=${count}`)),
    )

    expect(answers).toEqual(asked.map(({ page, count }) => idsFrom((page - 1) * count, count)))
  })

  it.each([299, 300, 301, 400, 1200, 10_000])('answers all there is at count=%i', async (count) => {
    const ids = await idsOf(`/products?count=${count}`)

    expect(ids).toEqual(idsFrom(0, count))
  })

  it('ends a page in the middle when there are no more products', async () => {
    const ids = await idsOf('/products?page=2&count=1000')

    expect(ids).toEqual(idsFrom(1000, 200))
  })

  it.each([
    '/products?page=241',
    '/products?page=2147483647',
    '/products?page=2147483647&count=10000',
    '/products?page=2&count=1200',
    '/products?page=13&count=100',
  ])('answers an empty list past the end: %s', async (path) => {
    const response = await request(path)

    expect(response.status).toBe(200)
    expect(await response.text()).toBe('[]')
  })

  it('gives each product once and in order, whatever the size of the pages', async () => {
    await assert(
      asyncProperty(integer({ min: 40, max: 700 }), async (count) => {
        const pages = Math.ceil(productsMax / count) + 1
        const ids: number[] = []
        for (let page = 1; page <= pages; page += 1) {
          ids.push(...(await idsOf(`/products?page=${page}&count=${count}`)))
        }

        expect(ids).toEqual(idsFrom(0, productsMax))
      }),
      { numRuns: 15 },
    )
  })
})
