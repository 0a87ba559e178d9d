import { describe, expect, it } from 'vitest'
import { useTestService } from '../lib/service.ts'

const { request } = useTestService()

describe('GET /products/:product_id/styles', () => {
  it('answers styles by id, photos in file order and skus by id, to the letter', async () => {
    const response = await request('/products/1/styles')

    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe('application/json')
    expect(await response.text()).toBe(
      '{"product_id":"1","results":[' +
        '{"style_id":1,"name":"Forest Green & Black","original_price":"140.00","sale_price":null,"default?":true,' +
        '"photos":[{"thumbnail_url":"https://images.example.com/2-thumb.jpg","url":"https://images.example.com/2.jpg"},' +
        '{"thumbnail_url":"https://images.example.com/1-thumb.jpg","url":"https://images.example.com/1.jpg"}],' +
        '"skus":{"9":{"quantity":8,"size":"XS"},"10":{"quantity":16,"size":"S"},"11":{"quantity":0,"size":"S"}}},' +
        '{"style_id":2,"name":"Desert Brown & Tan","original_price":"140.00","sale_price":"100.00","default?":false,' +
        '"photos":[{"thumbnail_url":"https://images.example.com/3-thumb.jpg","url":"https://images.example.com/3.jpg"}],' +
        '"skus":{"12":{"quantity":3,"size":"XL"}}}]}',
    )
  })

  it('answers 0 as sale price, which means no sale, as null', async () => {
    const response = await request('/products/2/styles')

    expect(await response.json()).toMatchObject({ results: [{ sale_price: null }] })
  })

  it('answers one empty photo and one empty sku for a style that has none', async () => {
    const response = await request('/products/12/styles')

    expect(await response.json()).toEqual({
      product_id: '12',
      results: [
        {
          style_id: 4,
          name: 'Empty',
          original_price: '500000000.00',
          sale_price: null,
          'default?': false,
          photos: [{ thumbnail_url: null, url: null }],
          skus: { null: { quantity: null, size: null } },
        },
      ],
    })
  })

  it('answers an empty list for a product without styles', async () => {
    const response = await request('/products/11/styles')

    expect(await response.json()).toEqual({ product_id: '11', results: [] })
  })
})
