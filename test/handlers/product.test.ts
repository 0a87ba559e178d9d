import { describe, expect, it } from 'vitest'
import { useTestService } from '../lib/service.ts'

const { request } = useTestService()

describe('GET /products/:product_id', () => {
  it('answers the product and its features in file order, to the letter', async () => {
    const response = await request('/products/1')

    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe('application/json')
    expect(await response.text()).toBe(
      '{"id":1,"name":"Camo Onesie","slogan":"Blend in","description":"The So Fatigues will wake you up",' +
        '"category":"Jackets","default_price":"140.00",' +
        '"features":[{"feature":"Buttons","value":"Brass"},{"feature":"Fabric","value":"Canvas"}]}',
    )
  })

  it('answers a missing feature value as null', async () => {
    const response = await request('/products/2')

    expect(await response.json()).toMatchObject({
      features: [
        { feature: 'Lenses', value: 'Ultrasheen' },
        { feature: 'UV Protection', value: null },
      ],
    })
  })

  it('answers an empty list of features for a product without any', async () => {
    const response = await request('/products/11')

    expect(await response.json()).toMatchObject({ id: 11, features: [] })
  })

  it('answers every text as it was imported, in UTF-8', async () => {
    const response = await request('/products/3')

    expect(await response.json()).toEqual({
      id: 3,
      name: 'Größe ☂ 雨',
      slogan: 'A \\ b',
      description: 'Tab\tand more',
      category: 'Schirme',
      default_price: '1299.50',
      features: [],
    })
  })

  it('knows the largest id there can be', async () => {
    const response = await request('/products/2147483647')

    expect(await response.json()).toMatchObject({ id: 2_147_483_647, name: 'The Last' })
  })
})
