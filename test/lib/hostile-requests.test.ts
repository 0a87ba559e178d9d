import { once } from 'node:events'
import { connect } from 'node:net'
import { assert, asyncProperty, constantFrom, oneof, string, stringMatching } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { exchange, getOnce, parseAnswer } from './raw-http.ts'
import { useListeningService } from './service.ts'

const { port } = useListeningService()

/** Sends something and goes away with a reset, without waiting for an answer. */
const sendAndReset = async (text: string) => {
  const socket = connect(port(), '127.0.0.1')
  socket.on('error', () => undefined)
  await once(socket, 'connect')
  socket.write(text)
  await new Promise((resolve) => setTimeout(resolve, 20))
  socket.resetAndDestroy()
  await once(socket, 'close')
}

describe('whatever a client sends', () => {
  it('as target, the answer is none of ours at fault, and a problem unless it is good', async () => {
    const segment = oneof(
      stringMatching(/^[!-~]{0,12}$/),
      constantFrom(
        'products',
        'styles',
        'related',
        '1',
        '%31',
        '%00',
        '..',
        '%2e',
        '%',
        '%zz',
        '?',
        '#',
        '',
      ),
    )
    const target = oneof(
      string({ unit: 'binary-ascii', maxLength: 30 }),
      stringMatching(/^(\/[!-~]{0,10}){1,4}$/),
    )
    await assert(
      asyncProperty(target, segment, segment, async (start, second, third) => {
        const path = `/${start}/${second}/${third}`.replaceAll(/[\0\r\n]/g, '')
        const { status, headers, body } = parseAnswer(await exchange(port(), getOnce(path)))

        expect([200, 304, 400, 404, 405, 414]).toContain(status)
        expect(headers.get('content-type')).toBe(
          status === 200 ? 'application/json' : 'application/problem+json',
        )
        expect(() => JSON.parse(body) as unknown).not.toThrow('JSON')
      }),
      { numRuns: 150 },
    )
  })

  it('as query of the list, the answer is 200 or 400', async () => {
    const query = oneof(
      stringMatching(/^[!-~]{0,30}$/),
      stringMatching(/^((page|count)=[0-9%a-f]{0,4}&){0,3}$/),
    )
    await assert(
      asyncProperty(query, async (text) => {
        const { status } = parseAnswer(await exchange(port(), getOnce(`/products?${text}`)))

        expect([200, 400]).toContain(status)
      }),
      { numRuns: 100 },
    )
  })

  it.each([
    ['If-None-Match', '"'.repeat(9000)],
    ['Accept-Encoding', `${'gzip;q=9,'.repeat(900)}br;q=-1;;;,`],
    ['X-Forwarded-Host', '"><script>'],
    ['Range', 'bytes=0-1'],
    ['Connection', 'Upgrade, close\r\nUpgrade: h2c'],
    ['Content-Length', '0'],
    ['Transfer-Encoding', 'chunked\r\n\r\n0'],
  ])('as header %s, the product is answered', async (name, value) => {
    const { status } = parseAnswer(
      await exchange(port(), getOnce('/products/1', `${name}: ${value}\r\n`)),
    )

    expect(status).toBe(200)
  })

  it.each([
    'CONNECT example.com:443 HTTP/1.1\r\nHost: x\r\n\r\n',
    'nonsense\r\n\r\n',
    'GET /products/1 HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(500),
    'GET /products?count=10000 HTTP/1.1\r\nHost: x\r\n\r\n',
    'POST /products HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\nabc',
    'GET /products/1 HTTP/1.1\r\nHos',
  ])('and goes away in the middle, others are served: %j', async (text) => {
    await sendAndReset(text)

    const { status } = parseAnswer(await exchange(port(), getOnce('/products/1')))

    expect(status).toBe(200)
  })
})
