import { describe, expect, it } from 'vitest'
import { manyProducts, smallCatalogue } from './catalogue.ts'
import { parseMetrics } from './parse-metrics.ts'
import { exchange, getOnce, parseAnswer } from './raw-http.ts'
import { useListeningService } from './service.ts'

const { request, service, port } = useListeningService({
  ...smallCatalogue,
  product: [...smallCatalogue.product, ...manyProducts(1000, 1000).product],
})

const get = async (path: string, headers?: string) =>
  parseAnswer(await exchange(port(), getOnce(path, headers)))

const variations = [
  '',
  'If-None-Match: *\r\n',
  'Accept-Encoding: gzip\r\n',
  'If-None-Match: "x"\r\n',
]
const paths = [
  '/products?page=1&count=30',
  '/products/1',
  '/products/1/styles',
  '/products/999',
  '/',
]

describe('the door', () => {
  it.each(paths)('answers %s like the app, in every variation', async (path) => {
    await request(path)
    for (const variation of variations) {
      const [name = 'x', value = ''] = variation.trim().split(': ')
      const fromApp = await request(path, { headers: { [name || 'x']: value } })
      const fromDoor = await get(path, variation)

      expect(fromDoor.status).toBe(fromApp.status)
      for (const [header, expected] of fromApp.headers) {
        expect(fromDoor.headers.get(header)).toBe(expected)
      }
      expect(Buffer.from(fromDoor.body, 'latin1')).toEqual(Buffer.from(await fromApp.arrayBuffer()))
    }
  })

  it('answers HEAD with the length of the body that it leaves out', async () => {
    const { body } = await get('/products/1/styles')

    const head = parseAnswer(
      await exchange(port(), getOnce('/products/1/styles').replace('GET', 'HEAD')),
    )

    expect(head.headers.get('content-length')).toBe(String(body.length))
    expect(head.body).toBe('')
  })

  it('answers pipelined requests in their order, hits and misses mixed', async () => {
    service().services.replies.clear()
    await request('/products/1')
    const asked = ['/products/2', '/products/1', '/products/3', '/products/1', '/products/abc']

    const text = await exchange(
      port(),
      asked.map((path) => `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`).join('') + getOnce('/livez'),
    )

    const seen = [...text.matchAll(/"id":(\d+)|"(instance)"|"(status)":"live"/g)]
    expect(seen.map(([, id, instance, status]) => id ?? instance ?? status)).toEqual([
      '2',
      '1',
      '3',
      '1',
      'instance',
      'status',
    ])
  })

  it('takes the absolute form of a target', async () => {
    const answer = await get(`http://localhost:${port()}/products/1`)

    expect(answer.status).toBe(200)
  })

  it('speaks HTTP/1.0, without Host', async () => {
    const answer = parseAnswer(await exchange(port(), 'GET /products/1 HTTP/1.0\r\n\r\n'))

    expect(answer.status).toBe(200)
  })

  it('closes the connection after each answer while the process drains, hits included', async () => {
    await get('/products/1')
    service().services.isDraining = true

    const hit = await exchange(port(), 'GET /products/1 HTTP/1.1\r\nHost: x\r\n\r\n')
    const error = await exchange(port(), 'GET /products/abc HTTP/1.1\r\nHost: x\r\n\r\n')

    service().services.isDraining = false
    expect(parseAnswer(hit).headers.get('connection')).toBe('close')
    expect(parseAnswer(error).headers.get('connection')).toBe('close')
  })

  it('counts every answer by route and status, and where replies came from', async () => {
    service().services.replies.clear()
    const samples = () => parseMetrics(service().services.metrics.text())
    const count = (name: string, labels: Record<string, string>) =>
      samples().find(
        (sample) =>
          sample.name === name && JSON.stringify(sample.labels) === JSON.stringify(labels),
      )?.value ?? 0
    const route = '/products/:product_id/styles'
    const before = {
      ok: count('http_requests_total', { route, status: '200' }),
      notModified: count('http_requests_total', { route, status: '304' }),
      wrong: count('http_requests_total', { route, status: '400' }),
      none: count('http_requests_total', { route: 'none', status: '404' }),
      hits: count('product_overview_replies_total', { source: 'hit' }),
      all: count('http_request_duration_seconds_count', { route }),
    }

    await get('/products/2/styles')
    await get('/products/2/styles')
    await get('/products/2/styles', 'If-None-Match: *\r\n')
    await get('/products/x/styles')
    await get('/nope')

    expect(count('http_requests_total', { route, status: '200' })).toBe(before.ok + 2)
    expect(count('http_requests_total', { route, status: '304' })).toBe(before.notModified + 1)
    expect(count('http_requests_total', { route, status: '400' })).toBe(before.wrong + 1)
    expect(count('http_requests_total', { route: 'none', status: '404' })).toBe(before.none + 1)
    expect(count('product_overview_replies_total', { source: 'hit' })).toBe(before.hits + 2)
    expect(count('http_request_duration_seconds_count', { route })).toBe(before.all + 4)
  })
})

describe('a request that is not as HTTP has it', () => {
  it.each([
    ['no method', ' / HTTP/1.1\r\nHost: x\r\n\r\n', 400],
    ['an unknown method', 'FOO / HTTP/1.1\r\nHost: x\r\n\r\n', 400],
    ['garbage', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\r\n\r\n', 400],
    ['another version', 'GET / HTTP/3.0\r\nHost: x\r\n\r\n', 400],
    ['no Host', 'GET /products/1 HTTP/1.1\r\nConnection: close\r\n\r\n', 400],
    ['a Host that is none', getOnce('/products/2').replace('localhost', 'a b'), 400],
    ['a Host with a path', getOnce('/products/2').replace('localhost', 'a/b?c'), 400],
    ['a backslash in its path', getOnce('/products\\2'), 400],
    [
      'two lengths',
      'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx',
      400,
    ],
    [
      'a length and chunks',
      'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      400,
    ],
    ['a header without a name', 'GET / HTTP/1.1\r\nHost: x\r\n: y\r\n\r\n', 400],
    ['a header with a NUL', 'GET / HTTP/1.1\r\nHost: x\r\na: \0\r\n\r\n', 400],
    ['headers that are too large', getOnce('/', `a: ${'x'.repeat(20_000)}\r\n`), 431],
    ['a target that is too long', getOnce(`/products?x=${'y'.repeat(3000)}`), 414],
    ['CONNECT', 'CONNECT example.com:443 HTTP/1.1\r\nHost: x\r\n\r\n', 405],
    ['an expectation of its own', getOnce('/', 'Expect: wonders\r\n'), 417],
  ])('%s is answered with a problem, and the connection is closed', async (_, text, status) => {
    const answer = parseAnswer(await exchange(port(), text))

    expect(answer.status).toBe(status)
    expect(answer.headers.get('content-type')).toBe('application/problem+json')
    expect(answer.headers.get('content-length')).toBe(String(answer.body.length))
    expect(JSON.parse(answer.body)).toMatchObject({ status, type: 'about:blank' })
  })

  it('is answered after a good one on the same connection too', async () => {
    const text = await exchange(port(), 'GET /livez HTTP/1.1\r\nHost: x\r\n\r\nnonsense\r\n\r\n')

    expect(text).toMatch(/^HTTP\/1\.1 200 OK[^]*{"status":"live"}HTTP\/1\.1 400 Bad Request/)
  })

  it('is answered after all that was asked before it, a large page too', async () => {
    const ask = (path: string) => `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`

    const text = await exchange(
      port(),
      `${ask('/products/1')}${ask('/products?count=1000')}${ask('/livez')}nonsense\r\n\r\n`,
    )

    expect([...text.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status)).toEqual([
      '200',
      '200',
      '200',
      '400',
    ])
    expect(text.includes(']\r\n0\r\n\r\nHTTP')).toBe(true)
  })

  it.each([
    ['no Host', ''],
    ['a Host that is none', 'Host: a/b\r\n'],
  ])('is refused for %s though its reply is cached', async (_, host) => {
    await get('/products/1')

    const answer = parseAnswer(
      await exchange(port(), `GET /products/1 HTTP/1.1\r\n${host}Connection: close\r\n\r\n`),
    )

    expect(answer.status).toBe(400)
  })

  it('may ask with OPTIONS * what the server can do', async () => {
    const answer = parseAnswer(
      await exchange(port(), 'OPTIONS * HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'),
    )

    expect(answer.status).toBe(204)
    expect(answer.headers.get('allow')).toBe('GET, HEAD, OPTIONS')
  })

  it('is refused with 405 and Allow when only its method is wrong', async () => {
    const answer = parseAnswer(
      await exchange(port(), getOnce('/products/1').replace('GET', 'TRACE')),
    )

    expect(answer.status).toBe(405)
    expect(answer.headers.get('allow')).toBe('GET, HEAD, OPTIONS')
  })
})
