import { describe, expect, it } from 'vitest'

import { cacheStateOf } from '../../loadtest/cache-state.ts'

describe('the cache state of an answer', () => {
  it('names the cache that answered', () => {
    expect(cacheStateOf('product-overview; hit')).toBe('product-overview hit')
    expect(cacheStateOf('"edge"; hit; ttl=3')).toBe('edge hit')
  })

  it('takes the cache nearest to the client when several had it', () => {
    expect(cacheStateOf('product-overview; hit, nginx; hit')).toBe('nginx hit')
    expect(cacheStateOf('product-overview; hit, nginx; fwd=miss')).toBe('product-overview hit')
  })

  it('says stale when the reply had outlived its freshness', () => {
    expect(cacheStateOf('product-overview; hit; ttl=-4')).toBe('product-overview stale')
  })

  it('is a miss when no cache had it, and none without the header', () => {
    expect(cacheStateOf('product-overview; fwd=miss; stored, nginx; fwd=miss')).toBe('miss')
    expect(cacheStateOf('')).toBe('none')
    expect(cacheStateOf(undefined)).toBe('none')
  })
})
