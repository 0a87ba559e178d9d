import { array, assert, asyncProperty, constantFrom, integer, oneof, tuple } from 'fast-check'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { describeNginx, type NginxUnderTest, startNginxUnderTest } from './nginx-fixture.ts'
import { getRaw, sendRaw } from './raw-http.ts'
import { StubInstance } from './stub-instance.ts'

const runs = 60

describeNginx('what NGINX makes of a request target', () => {
  const instance = new StubInstance()
  let nginx: NginxUnderTest

  beforeAll(async () => {
    await instance.start()
    nginx = await startNginxUnderTest([instance.address])
  })

  beforeEach(() => {
    instance.asked = []
  })

  afterAll(async () => {
    await nginx.remove()
    await instance.stop()
  })

  // Each line has a product of its own, so that nothing is answered from what an earlier line left behind.
  it.each([
    ['/', '/'],
    ['/products', '/products?page=1&count=5'],
    ['/products?page=9', '/products?page=9&count=5'],
    ['/products?count=9&page=8', '/products?page=8&count=9'],
    ['/products?utm=1&count=10&utm=2&&page=10&', '/products?page=10&count=10'],
    ['/products?PAGE=3&xpage=4&pages=5&count=11', '/products?page=1&count=11'],
    ['/products?x=%zz&count=12', '/products?page=1&count=12'],
    ['/products/11', '/products/11'],
    ['/products/12?id=13&page=a&page=b&%', '/products/12'],
    ['/products/13/styles?x', '/products/13/styles'],
    ['/products/14/related', '/products/14/related'],
    ['http://elsewhere.test/products/15', '/products/15'],
    ['/Products?count=16', '/products?page=1&count=16'],
    ['/ProductbyID?id=17', '/products/17'],
    ['/Features?id=18&x=1', '/products/18'],
    ['/Styles?x=1&id=19', '/products/19/styles'],
    ['/Related?id=20', '/products/20/related'],
  ])('plain: %s is asked as %s', async (target, asked) => {
    const answer = await getRaw(nginx.port, target)

    expect(answer.status).toBe(200)
    expect(instance.targets).toEqual([asked])
    await getRaw(nginx.port, asked)
    expect(instance.targets).toEqual([asked])
  })

  it.each([
    '/products/%31',
    '/products/01',
    '/products/0',
    '/products/1e3',
    '/products/11111111111',
    '/products/5/',
    '/products/5/photos',
    '/products/5%2fstyles',
    '/products/5#top',
    '//products/5',
    '/./products/5',
    '/x/../products/5',
    '/PRODUCTS',
    '/products/5/Styles',
    '/products?page=%31',
    '/products?p%61ge=2',
    '/products?%zz=1',
    '/nothing/here?page=1&page=2',
    '/styles?id=5',
  ])('odd: %s is asked as it came, each time', async (target) => {
    const first = await getRaw(nginx.port, target)
    await getRaw(nginx.port, target)

    expect(instance.targets).toEqual([target, target])
    expect(first.headers['cache-status']).toMatch(/nginx; fwd=bypass$/)
  })

  it.each([
    '/products?page=1&page=1',
    '/products?page=1&count=5&page',
    '/products?count&x&count',
    '/products?page=',
    '/products?page',
    '/products?page=0',
    '/products?page=01',
    '/products?page=-1',
    '/products?page=+1',
    '/products?page=1.0',
    '/products?page=1%',
    '/products?page=%3',
    '/products?page=%zz',
    '/products?page=1;count=2',
    '/products?count=11111111111',
    `/products?count=${'%31'.repeat(11)}`,
    '/ProductbyID',
    '/Styles?id=',
    '/Styles?id=5/../6',
    '/Related?id=5&id=6',
    '/Features?id=five',
    '/products/\xe9',
    '/products/%zz',
    '/products/%',
    '/products/%00',
    '/..',
  ])('refused: %s reaches nobody', async (target) => {
    const answer = await getRaw(nginx.port, target)

    expect(answer.status).toBe(400)
    expect(answer.headers['content-type']).toBe('application/problem+json')
    expect(instance.targets).toEqual([])
  })

  it('gives equal bytes for equal keys, whatever else the request says', async () => {
    const name = constantFrom('page', 'count', 'Page', 'utm', 'pag', 'pagee', 'x%20y', '')
    const number = integer({ min: 1, max: 6 }).map(String)
    const odd = constantFrom('', '0', '01', '%31', '%', 'a', '1 ', '1+', '%zz', '99999999999')
    const value = oneof({ weight: 5, arbitrary: number }, { weight: 1, arbitrary: odd })
    const query = array(tuple(name, value), { maxLength: 4 })
    const path = constantFrom('/products', '/Products', '/products/3', '/products/4/styles')
    const header = constantFrom('', 'Cookie: a=1\r\n', 'Authorization: x\r\n', 'Via: y\r\n')
    const seen = new Map<string, string>()

    const property = asyncProperty(path, query, header, async (at, pairs, line) => {
      const target = `${at}?${pairs.map(([left, right]) => `${left}=${right}`).join('&')}`
      const answer = await getRaw(nginx.port, target.replaceAll(' ', '%20'), line)
      if (answer.status !== 200) return
      const { target: asked } = JSON.parse(bodyOf(answer.body)) as { target: string }
      expect(answer.body).toBe(seen.get(asked) ?? answer.body)
      seen.set(asked, answer.body)
      expect(asked).toBe(canonical(at, pairs))
    })

    await assert(property, { numRuns: runs })
  })

  it('asks without anything the client said of itself', async () => {
    const lines = [
      'Authorization: Bearer x',
      'Cookie: session=x',
      'Range: bytes=0-1',
      'If-None-Match: "x"',
      'X-Forwarded-For: 6.6.6.6',
      'X-Forwarded-Host: evil.test',
      'X-Original-URL: /metrics',
      'X-HTTP-Method-Override: DELETE',
      'X-Request-Id: theirs',
      'Forwarded: for=6.6.6.6',
      'Accept-Language: de',
      'Content-Length: 3',
    ]

    const { headers } = await sendRaw(
      nginx.port,
      `GET /products/30 HTTP/1.1\r\nHost: evil.test\r\nConnection: close\r\n${lines.join('\r\n')}\r\n\r\nabc`,
    )

    expect(headers['x-request-id']).toMatch(/^\d+\.\d{3}(?:-\d+){3}$/)
    expect(instance.asked[0]?.headers).toEqual({
      host: 'product-overview',
      'x-request-id': headers['x-request-id'],
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-proto': 'http',
    })
  })

  it('has one entry for each encoding, not for each spelling of Accept-Encoding', async () => {
    const gzipped = ['gzip', 'GZIP', 'deflate, gzip;q=0.5', 'gzip;q=1.0, *;q=0', 'br;q=0, gzip']
    const plain = ['identity', 'gzip;q=0', 'gzip;q=0.000', 'zstd', '*']

    for (const spelling of gzipped) {
      expect(await encodingFor(nginx.port, spelling)).toEqual([spelling, 'gzip', 'Accept-Encoding'])
    }
    for (const spelling of plain) {
      expect(await encodingFor(nginx.port, spelling)).toEqual([
        spelling,
        undefined,
        'Accept-Encoding',
      ])
    }
    const encodings = instance.asked.map(({ headers }) => headers['accept-encoding'])
    expect(encodings).toEqual(['gzip', undefined])
  })

  it.each(['POST', 'PUT', 'PATCH', 'DELETE', 'TRACE', 'CONNECT', 'PROPFIND', 'BREW'])(
    'lets no %s through: 405 where a route is, 404 where none is',
    async (method) => {
      const head = 'HTTP/1.1\r\nHost: shop.test\r\nConnection: close\r\n\r\n'

      for (const target of [
        '/',
        '/products',
        '/products/abc',
        '/products/5/styles',
        '/Styles?id=5',
      ]) {
        const answer = await sendRaw(nginx.port, `${method} ${target} ${head}`)
        expect(answer.status).toBe(405)
        expect(answer.headers['allow']).toBe('GET, HEAD, OPTIONS')
      }
      const unknown = await sendRaw(nginx.port, `${method} /nothing ${head}`)
      // NGINX itself answers TRACE and CONNECT before it looks at the path.
      expect(unknown.status).toBe(['TRACE', 'CONNECT'].includes(method) ? 405 : 404)
      expect(instance.targets).toEqual([])
    },
  )

  it('passes OPTIONS on and keeps no answer to it', async () => {
    instance.override = (_, response) => {
      response.writeHead(204, { allow: 'GET, HEAD, OPTIONS', 'cache-control': 'max-age=60' }).end()
    }
    const request = 'OPTIONS /products/32 HTTP/1.1\r\nHost: shop.test\r\nConnection: close\r\n\r\n'

    const answers = [await sendRaw(nginx.port, request), await sendRaw(nginx.port, request)]

    instance.override = undefined
    expect(answers.map(({ status }) => status)).toEqual([204, 204])
    expect(instance.asked.map(({ method }) => method)).toEqual(['OPTIONS', 'OPTIONS'])
    expect((await getRaw(nginx.port, '/products/32')).status).toBe(200)
  })
})

/** What a request with this Accept-Encoding gets. */
async function encodingFor(port: number, spelling: string) {
  const { headers } = await getRaw(port, '/products/31', `Accept-Encoding: ${spelling}\r\n`)
  return [spelling, headers['content-encoding'], headers['vary']]
}

/** The body of a chunked answer, which here is one chunk. */
const bodyOf = (body: string) => body.slice(body.indexOf('{'), body.lastIndexOf('}') + 1)

function canonical(path: string, pairs: readonly (readonly [string, string])[]): string {
  if (path !== '/products' && path !== '/Products') return path
  const last = new Map(pairs)
  return `/products?page=${last.get('page') ?? 1}&count=${last.get('count') ?? 5}`
}
