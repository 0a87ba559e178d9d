import { Client } from 'pg'
import { beforeEach, describe, expect, it } from 'vitest'
import type { Catalog } from '../../lib/catalog.ts'
import { foundReply } from '../../lib/reply.ts'
import { isPageKey } from '../../lib/reply-key.ts'
import { parseMetrics } from './parse-metrics.ts'
import { useLiveService } from './live-service.ts'
import { wholeProducts } from './whole-products.ts'

const productsMax = 23
/** A change must be seen within a second. */
const seenMsMax = 1000

const { service, databaseUrl, write } = useLiveService(wholeProducts(productsMax))

/** Each test begins with a warm cache. */
beforeEach(async () => {
  await Promise.all(warm.map(bodyOf))
})

const pages = [1, 2, 3, 4, 5, 6].map((page) => `/products?page=${page}&count=5`)
const ofProduct = (id: number) =>
  ['', '/styles', '/related'].map((suffix) => `/products/${id}${suffix}`)
/** The last page is a partial one, 24 and 25 are not there. */
const warm = [...[3, 7, 8, 23, 24, 25].flatMap(ofProduct), ...pages]

const bodyOf = async (path: string) => (await service().app.request(path)).text()
const cacheStatusOf = async (path: string) =>
  (await service().app.request(path)).headers.get('cache-status')

const dropped = () => warm.filter((path) => service().services.replies.fresh(path) === undefined)

/** Waits for replies to be dropped: all of these and no others. */
const expectDropped = async (paths: readonly string[]) => {
  const expected = warm.filter((path) => paths.includes(path))
  await expect.poll(dropped, { timeout: seenMsMax, interval: 10 }).toEqual(expected)
}

describe('a change of one row', () => {
  it.each([
    ['update catalog.product set slogan = $$New$$ where id = 7', ['/products/7', pages[1]], 'New'],
    ['update catalog.feature set value = $$New$$ where product_id = 7', ['/products/7'], 'New'],
    ['update catalog.style set name = $$New$$ where id = 7', ['/products/7/styles'], 'New'],
    ['update catalog.photo set url = $$New$$ where id = 7', ['/products/7/styles'], 'New'],
    ['update catalog.sku set quantity = 77777 where id = 7', ['/products/7/styles'], '77777'],
    ['delete from catalog.related where current_product_id = 7', ['/products/7/related'], '[]'],
  ])('%s drops exactly the replies concerned', async (statement, paths, news) => {
    await write(statement)

    await expectDropped(paths.map(String))
    for (const path of paths) expect(await bodyOf(String(path))).toContain(news)
  })

  it('that is rolled back drops nothing', async () => {
    await write('begin; update catalog.sku set quantity = 5 where id = 8; rollback')
    await write('update catalog.sku set quantity = 5 where id = 7')

    await expectDropped(['/products/7/styles'])
    expect(metric('product_overview_changes_total')).toBe(1)
  })
})

describe('a product', () => {
  it('that comes at the end makes a 404 an answer, fills the last page and leaves the full ones', async () => {
    await write("insert into catalog.product values (24, 'N', 'S', 'D', 'C', 1)")

    await expectDropped([...ofProduct(24), ...pages.slice(4)])
    expect(await cacheStatusOf('/products/24')).toContain('fwd=miss')
    expect(await bodyOf('/products/24/styles')).toBe('{"product_id":"24","results":[]}')
    expect(JSON.parse(await bodyOf(String(pages[4])))).toHaveLength(4)
  })

  it('that goes becomes 404, and the pages from its own on move', async () => {
    await write('delete from catalog.product where id = 8')

    // The one before is related to it.
    await expectDropped([...ofProduct(8), '/products/7/related', ...pages.slice(1)])
    expect((await service().app.request('/products/8')).status).toBe(404)
    expect(await bodyOf('/products/7/related')).toBe('[]')
    expect(JSON.parse(await bodyOf(String(pages[1])))).toMatchObject([
      { id: 6 },
      { id: 7 },
      { id: 9 },
      { id: 10 },
      { id: 11 },
    ])
  })

  it('that comes on an empty page is seen there', async () => {
    await write(
      `insert into catalog.product select id, 'N', 'S', 'D', 'C', 1 from generate_series(24, 26) as id`,
    )

    await expectDropped([...ofProduct(24), ...ofProduct(25), ...pages.slice(4)])
    expect(JSON.parse(await bodyOf(String(pages[5])))).toMatchObject([{ id: 26 }])
  })
})

describe('changes that commit in another order than they were written', () => {
  it('are all seen', async () => {
    const late = new Client(databaseUrl())
    await late.connect()
    await late.query('begin; update catalog.sku set quantity = 3 where id = 3')
    await write('update catalog.sku set quantity = 7 where id = 7')
    await expectDropped(['/products/7/styles'])
    await write('update catalog.sku set quantity = 8 where id = 8')
    await expectDropped(['/products/7/styles', '/products/8/styles'])

    await late.query('commit')
    await late.end()

    await expectDropped(['/products/3/styles', '/products/7/styles', '/products/8/styles'])
    expect(await bodyOf('/products/3/styles')).toContain('"quantity":3,')
  })

  it('are each seen once, however long a transaction lasts', async () => {
    const long = new Client(databaseUrl())
    await long.connect()
    await long.query('begin; select pg_current_xact_id()')
    for (let n = 0; n < 4; n += 1) {
      await write('update catalog.sku set quantity = quantity + 1 where id = 7')
      await expectDropped(['/products/7/styles'])
      await bodyOf('/products/7/styles')
    }

    await long.end()

    expect(metric('product_overview_changes_total')).toBe(4)
    expect(metric('product_overview_replies_dropped_total')).toBe(4)
  })
})

describe('a transaction that lasts while more changes come than each poll may pass over', () => {
  it('empties the cache when it commits, and until then the others are followed as ever', async () => {
    const long = new Client(databaseUrl())
    await long.connect()
    await long.query('begin; update catalog.sku set quantity = 3 where id = 3')
    await write(
      `insert into catalog.change (release, product_ids, parts)
       select 1, array[n], '{styles}' from generate_series(1001, 21001) as n`,
    )
    await expectDropped(warm)
    await Promise.all(warm.map(bodyOf))
    for (const id of [7, 8]) {
      await write(`update catalog.sku set quantity = ${id} where id = ${id}`)
      await expectDropped([`/products/${id}/styles`])
      await bodyOf(`/products/${id}/styles`)
    }

    await long.query('commit')
    await long.end()

    await expectDropped(warm)
    expect(await bodyOf('/products/3/styles')).toContain('"quantity":3,')
  })
})

describe('a load that began before a change was seen', () => {
  const readPage = async (catalog: Catalog) => {
    const { value, ...read } = await catalog.page({ page: 3, count: 4 })
    return { ...value, ...read }
  }
  const readStyles = async (catalog: Catalog) => {
    const { value = '', ...read } = await catalog.styles(9)
    return { text: value, ...read }
  }

  it.each(['/products/9/styles', '/products?page=3&count=4'])(
    'of %s answers who waits for it and is not kept',
    async (path) => {
      const { replies, catalog } = service().services
      const isPage = isPageKey(path)
      const hasRead = signal()
      const goOn = signal()
      const old = replies.get(path, async () => {
        const { text, ...read } = await (isPage ? readPage : readStyles)(catalog)
        hasRead.give()
        await goOn.given
        return { reply: foundReply(text, read.release, 'public'), ...read }
      })
      await hasRead.given
      await write(
        'update catalog.sku set size = $$New$$ where id = 9; update catalog.product set name = $$New$$ where id = 9',
      )
      await expectDropped([String(pages[1])])
      const news = await bodyOf(path)
      goOn.give()

      expect((await old).reply.identity.body.toString()).not.toContain('New')
      expect(news).toContain('New')
      expect(await bodyOf(path)).toBe(news)
    },
  )
})

const signal = () => {
  let give = () => {}
  const given = new Promise<void>((resolve) => {
    give = resolve
  })
  return { give, given }
}

describe('more changes than can be told apart', () => {
  it('empty the whole cache, and what is read after is right', async () => {
    await write(
      `do $$ begin
         for n in 1..5000 loop update catalog.sku set quantity = n where id = 1 + n % 23; end loop;
       end $$`,
    )

    await expectDropped(warm)
    expect(await bodyOf('/products/7/styles')).toContain('"quantity":4997,')
    await Promise.all(warm.map(bodyOf))
    await write('update catalog.sku set quantity = 1 where id = 7')
    await expectDropped(['/products/7/styles'])
  })
})

describe('the delay of changes', () => {
  it('is measured', async () => {
    await write('update catalog.sku set quantity = 5 where id = 3')
    await expectDropped(['/products/3/styles'])

    expect(metric('product_overview_change_delay_seconds_count')).toBe(1)
    expect(metric('product_overview_change_delay_seconds_sum')).toBeLessThan(1)
    expect(metric('product_overview_change_delay_seconds_sum')).toBeGreaterThan(0)
  })
})

const metric = (wanted: string) =>
  parseMetrics(service().services.metrics.text()).find(({ name }) => name === wanted)?.value
