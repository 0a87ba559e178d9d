import { Client } from 'pg'
import { afterEach, beforeEach, describe, expect, it, type MockInstance, vi } from 'vitest'
import { manyProducts, smallCatalogue } from './lib/catalogue.ts'
import { useTestService } from './lib/service.ts'

const { request, service } = useTestService({
  ...smallCatalogue,
  product: [...smallCatalogue.product, ...manyProducts(500, 1000).product],
})

/** Counts what goes to the database, without standing in its way; the poll is nobody's request. */
const statements = () =>
  submitted.mock.calls.filter(([query]) => (query as { name?: string }).name !== 'poll').length

let submitted: MockInstance<(query: unknown) => unknown>

beforeEach(() => {
  service().services.replies.clear()
  submitted = vi.spyOn(Client.prototype, 'query')
})
afterEach(() => {
  submitted.mockRestore()
})

const paths = [
  '/products',
  '/products?page=3&count=7',
  '/products/1',
  '/products/1/styles',
  '/products/1/related',
  '/products/999',
]

describe('the budget of SQL statements', () => {
  it.each(paths)('%s: 1 cold, 0 hot, 0 for a 304', async (path) => {
    await request(path)
    const cold = statements()
    await request(path)
    await request(path, { method: 'HEAD' })
    await request(path, { headers: { 'if-none-match': '*' } })

    expect({ cold, all: statements() }).toEqual({ cold: 1, all: 1 })
  })

  it('a streamed page: 1, and 0 for a 304 or a HEAD', async () => {
    const response = await request('/products?count=400')
    await response.text()
    await request('/products?count=400', { headers: { 'if-none-match': '*' } })
    await request('/products?count=400', { method: 'HEAD' })

    expect(statements()).toBe(1)
  })

  it('no answer but a reply costs any: errors, the index, operations', async () => {
    await Promise.all(
      ['/', '/nope', '/products/abc', '/products?page=0', '/livez', '/readyz', '/metrics'].map(
        (path) => request(path),
      ),
    )
    await request('/products/1', { method: 'POST' })

    expect(statements()).toBe(0)
  })

  it('ids asked for in the same moment share one', async () => {
    const ids = Array.from({ length: 40 }, (_, index) => index + 1)

    await Promise.all(ids.map((id) => request(`/products/${id}`)))

    expect(statements()).toBe(1)
  })

  it('more ids than one statement may ask for are spread over several', async () => {
    const ids = Array.from({ length: 200 }, (_, index) => index + 1)

    await Promise.all(ids.map((id) => request(`/products/${id}`)))

    expect(statements()).toBe(4)
  })
})
