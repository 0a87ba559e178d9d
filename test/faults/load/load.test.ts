import { createServer } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createAnswerReader, headerOf } from './answer-reader.ts'
import { type Load, startLoad } from './load.ts'
import { createMix, seededRandom } from './mix.ts'
import { wallMs } from './outcome.ts'
import type { LoadPlan } from './plan.ts'

const plan: LoadPlan = {
  origin: 'http://127.0.0.1:1',
  perSecond: 100,
  coldShare: 0.5,
  conditionalShare: 1,
  markers: ['§1', '§2'],
  targets: { hot: ['/a', '/b'], cold: ['/c', '/d', '/missing'], missing: ['/missing'] },
}

describe('the reader of answers', () => {
  const answers = [
    'HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-Catalog-Release: 7\r\n\r\nhello',
    'HTTP/1.1 304 Not Modified\r\nETag: "a"\r\n\r\n',
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n',
  ]

  it.each([1, 7, 1000])('finds the end of each, coming %i bytes at a time', (size) => {
    const reader = createAnswerReader()
    const found = answers.flatMap((text) =>
      Array.from({ length: Math.ceil(text.length / size) }, (_, place) =>
        reader.read(Buffer.from(text.slice(place * size, (place + 1) * size))),
      ).filter((answer) => answer !== undefined),
    )

    expect(found.map(({ status }) => status)).toEqual([200, 304, 200])
    expect(found.map(({ head }) => headerOf(head, 'x-catalog-release'))).toEqual(['7', '', ''])
  })
})

describe('the mix', () => {
  it('asks for all that is hot twice before it chooses, and for what is cold in turn', () => {
    const draw = createMix(plan, seededRandom(1))
    const drawn = Array.from({ length: 40 }, draw)
    const [hot, cold] = ['hot', 'cold'].map((kind) =>
      drawn.filter((one) => one.kind === kind).map(({ target }) => target),
    )

    expect(hot?.slice(0, 4)).toEqual(['/a', '/b', '/a', '/b'])
    expect(cold?.slice(0, 4)).toEqual(['/c', '/d', '/missing', '/c'])
  })
})

describe('a load', () => {
  let holdMs = 0
  const server = createServer((request, response) => {
    const isMissing = request.url === '/missing'
    const hasTag = request.headers['if-none-match'] === '"tag"'
    response.writeHead(isMissing ? 404 : hasTag ? 304 : 200, {
      etag: '"tag"',
      'cache-status': 'product-overview; hit; ttl=-3, nginx; fwd=stale',
    })
    setTimeout(() => response.end(isMissing || hasTag ? '' : 'name §2'), holdMs)
  })
  let load: Load

  beforeAll(async () => {
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    load = startLoad({ ...plan, origin: `http://127.0.0.1:${port}` })
  })
  afterAll(async () => {
    await load.stop()
    server.close()
  })

  it('is warm after a while, sends tags, and tells what it found in bodies', async () => {
    await load.calm()
    const nowMs = wallMs()
    const outcomes = await load.between(nowMs - 1000, nowMs)
    const hot = outcomes.filter(({ kind }) => kind === 'hot')

    expect(outcomes.length).toBeGreaterThan(90)
    expect(outcomes.every(({ isRight, isStale }) => isRight && isStale)).toBe(true)
    expect(hot.every(({ isWarm, status }) => isWarm && status === 304)).toBe(true)
    expect(outcomes.find(({ target }) => target === '/c')?.markers).toBe(0b10)
  })

  it('goes on asking while nothing is answered, and counts from when each request was due', async () => {
    const fromMs = wallMs()
    holdMs = 400
    const outcomes = await load.between(fromMs + 100, fromMs + 600)
    holdMs = 0

    expect(outcomes.length).toBeGreaterThan(45)
    expect(outcomes.every(({ tookMs }) => tookMs > 390)).toBe(true)
  })
})
