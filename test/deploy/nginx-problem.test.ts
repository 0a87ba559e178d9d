import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { findFreePort } from '../../deploy/local/free-port.ts'
import { makeCertificate } from './certificate.ts'
import { describeNginx, type NginxUnderTest, startNginxUnderTest } from './nginx-fixture.ts'
import { type RawAnswer, sendRaw } from './raw-http.ts'
import { StubInstance } from './stub-instance.ts'

const host = 'Host: shop.test\r\nConnection: close\r\n'
const get = `GET /products/1 HTTP/1.1\r\n${host}`

describeNginx('errors that NGINX itself answers', () => {
  const instance = new StubInstance()
  let folder = ''
  let tlsPort = 0
  let nginx: NginxUnderTest

  beforeAll(async () => {
    await instance.start()
    folder = await mkdtemp(join(tmpdir(), 'product-overview-certificate-'))
    tlsPort = await findFreePort()
    nginx = await startNginxUnderTest([instance.address], {
      serverNames: ['shop.test'],
      tls: { listen: [`127.0.0.1:${tlsPort}`], ...(await makeCertificate(folder)) },
    })
  })

  afterAll(async () => {
    await nginx.remove()
    await instance.stop()
    await rm(folder, { recursive: true })
  })

  it.each([
    [400, 'no request line', 'nonsense\r\n\r\n'],
    [400, 'a lower-case method', `get / HTTP/1.1\r\n${host}\r\n`],
    [400, 'no host', 'GET /products/1 HTTP/1.1\r\n\r\n'],
    [400, 'two hosts', `${get}Host: other.test\r\n\r\n`],
    [400, 'a malformed escape', `GET /products/%zz HTTP/1.1\r\n${host}\r\n`],
    [400, 'both lengths', `${get}Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`],
    [400, 'a blank in a header name', `${get}X y: z\r\n\r\n`],
    [400, 'a repeated parameter', `GET /products?page=1&page=2 HTTP/1.1\r\n${host}\r\n`],
    [404, 'an operations endpoint', `GET /metrics HTTP/1.1\r\n${host}\r\n`],
    [404, 'another method on no route', `POST /nothing HTTP/1.1\r\n${host}\r\n`],
    [405, 'another method on a route', `DELETE /products/1 HTTP/1.1\r\n${host}\r\n`],
    [412, 'a precondition that fails', `${get}If-Match: "x"\r\n\r\n`],
    [413, 'a large body', `${get}Content-Length: 99999\r\n\r\n`],
    [414, 'a long target', `GET /${'x'.repeat(9_000)} HTTP/1.1\r\n${host}\r\n`],
    [421, 'another host', 'GET / HTTP/1.1\r\nHost: other.test\r\nConnection: close\r\n\r\n'],
    [431, 'a long header', `${get}X: ${'x'.repeat(9_000)}\r\n\r\n`],
    [431, 'many headers', `${get}${`X: ${'x'.repeat(1_000)}\r\n`.repeat(40)}\r\n`],
    [501, 'an unknown transfer coding', `${get}Transfer-Encoding: gzip\r\n\r\n`],
    [505, 'an unknown version', `GET / HTTP/3.0\r\n${host}\r\n`],
  ])('%i for %s', async (status, _, request) => {
    const answer = await sendRaw(nginx.port, request)

    expect(contentOf(answer)).toEqual(problemOf(status))
    expect(answer.headers['allow']).toBe(status === 405 ? 'GET, HEAD, OPTIONS' : undefined)
  })

  it('400 for plain HTTP where TLS is spoken', async () => {
    const answer = await sendRaw(tlsPort, `${get}\r\n`)

    expect(contentOf(answer)).toEqual(problemOf(400))
  })

  it('503 with Retry-After when no instance answers', async () => {
    await instance.stop()
    const answer = await sendRaw(nginx.port, `GET /products/2 HTTP/1.1\r\n${host}\r\n`)
    await instance.start()

    expect(contentOf(answer)).toEqual(problemOf(503))
    expect(answer.headers['retry-after']).toBe('1')
  })

  it('name the path that was asked for, unless it could break out of the JSON', async () => {
    const harmless = await sendRaw(nginx.port, `GET /metrics?q="x" HTTP/1.1\r\n${host}\r\n`)
    const odd = await sendRaw(nginx.port, `POST /"},{"x":"<b> HTTP/1.1\r\n${host}\r\n`)

    expect(JSON.parse(harmless.body)).toMatchObject({ instance: '/metrics' })
    expect(JSON.parse(odd.body)).toMatchObject({ instance: '/' })
  })
})

const contentOf = ({ status, headers, body }: RawAnswer) => ({
  status,
  type: headers['content-type'],
  cacheControl: headers['cache-control'],
  options: headers['x-content-type-options'],
  server: headers['server'],
  problem: JSON.parse(body) as unknown,
})

const problemOf = (status: number) => ({
  status,
  type: 'application/problem+json',
  cacheControl: 'no-store',
  options: 'nosniff',
  server: 'nginx',
  problem: {
    type: 'about:blank',
    title: expect.stringMatching(/^[A-Z]/) as unknown,
    status,
    detail: expect.stringMatching(/\.$/) as unknown,
    instance: expect.stringMatching(/^\//) as unknown,
  },
})
