import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { readProductIds } from '../../../loadtest/runner/product-ids.ts'

const existing = Array.from({ length: 4500 }, (_, i) => i + 1 + Math.floor(i / 99))
let refusals = 0
const shop = createServer((request, response) => {
  if (refusals > 0) {
    refusals -= 1
    response.writeHead(503).end()
    return
  }
  const query = new URL(request.url ?? '', 'http://shop').searchParams
  const [page, count] = [Number(query.get('page')), Number(query.get('count'))]
  const rows = existing.slice((page - 1) * count, page * count).map((id) => ({ id }))
  response.end(JSON.stringify(rows))
})
let target = ''

beforeAll(async () => {
  await new Promise<void>((resolve) => shop.listen(0, '127.0.0.1', resolve))
  target = `http://127.0.0.1:${(shop.address() as AddressInfo).port}`
})

afterAll(() => {
  shop.closeAllConnections()
  shop.close()
})

describe('the ids of the products', () => {
  it('are read page by page to the end of the list, gaps and all', async () => {
    expect(await readProductIds(target)).toEqual(existing)
  })

  it('are read from the front only when fewer are wanted', async () => {
    expect(await readProductIds(target, 10)).toEqual(existing.slice(0, 10))
  })

  it('are asked for again when a page is refused', async () => {
    refusals = 2

    expect(await readProductIds(target, 3)).toEqual([1, 2, 3])
  })

  it('are not there: the message says where it asked and what came', async () => {
    refusals = 99

    await expect(readProductIds(target)).rejects.toThrow(
      `${target}/products?page=1&count=2000: expected a page of products, came status 503`,
    )
  })
})
