import { describe, expect, it } from 'vitest'
import { useTestService } from '../lib/service.ts'

const { request } = useTestService()

describe('GET /products/:product_id/related', () => {
  it('answers ids in file order with duplicates and the product itself, without 0 and missing products', async () => {
    const response = await request('/products/1/related')

    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe('application/json')
    expect(await response.text()).toBe('[2,3,1,2]')
  })

  it('answers an empty list for a product without relations', async () => {
    const response = await request('/products/2/related')

    expect(await response.text()).toBe('[]')
  })
})
