import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { connect, type IncomingHttpHeaders, type IncomingHttpStatusHeader } from 'node:http2'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { connect as connectTls } from 'node:tls'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { findFreePort } from '../../deploy/local/free-port.ts'
import { makeCertificate } from './certificate.ts'
import { describeNginx, type NginxUnderTest, startNginxUnderTest } from './nginx-fixture.ts'
import { getRaw, sendRaw } from './raw-http.ts'
import { StubInstance } from './stub-instance.ts'

const token = 'loaderio-0123456789abcdef0123456789abcdef'

describeNginx('NGINX at work', () => {
  const instances = [new StubInstance(), new StubInstance()] as const
  let folder = ''
  let tlsPort = 0
  let nginx: NginxUnderTest

  beforeAll(async () => {
    await Promise.all(instances.map((instance) => instance.start()))
    folder = await mkdtemp(join(tmpdir(), 'product-overview-operations-'))
    tlsPort = await findFreePort()
    nginx = await startNginxUnderTest(
      instances.map(({ address }) => address),
      {
        serverNames: ['shop.test'],
        tls: { listen: [`127.0.0.1:${tlsPort}`], ...(await makeCertificate(folder)) },
        accessLog: join(folder, 'access.log'),
        loaderioToken: token,
      },
    )
  })

  afterAll(async () => {
    await nginx.remove()
    await Promise.all(instances.map((instance) => instance.stop()))
    await rm(folder, { recursive: true })
  })

  it('tells its own numbers on the loopback address', async () => {
    const response = await fetch(`${nginx.operationsUrl}/nginx-status`)

    expect(await response.text()).toMatch(/^Active connections: \d+/)
    expect((await getRaw(nginx.port, '/nginx-status')).headers['content-type']).not.toBe(
      'text/plain',
    )
  })

  it('passes the operations endpoints of each instance on there, and nothing else', async () => {
    for (const [index, instance] of instances.entries()) {
      instance.asked = []
      instance.override = (request, response) => response.end(`${index} ${request.url}`)
      const response = await fetch(`${nginx.operationsUrl}/instances/${index + 1}/metrics?x=1`)
      expect(await response.text()).toBe(`${index} /metrics`)
      instance.override = undefined
    }
    for (const path of ['/instances/3/metrics', '/instances/1/products', '/products/1', '/']) {
      const response = await fetch(`${nginx.operationsUrl}${path}`)
      expect(response.status).toBe(404)
      expect(response.headers.get('content-type')).toBe('application/problem+json')
    }
  })

  it('answers loader.io, on its three paths only', async () => {
    for (const end of ['/', '.txt', '.html']) {
      expect((await getRaw(nginx.port, `/${token}${end}`)).body).toBe(token)
    }
    expect((await getRaw(nginx.port, `/${token}.php`)).status).not.toBe(200)
  })

  it('sends the security headers once, with whatever it answers', async () => {
    for (const target of ['/products/1', '/products/4000', '/products?page=0', '/metrics']) {
      const { headers } = await getRaw(nginx.port, target)
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
        'referrer-policy': 'no-referrer',
        'x-request-id': expect.stringMatching(/^\d+\.\d{3}(?:-\d+){3}$/) as unknown,
        server: 'nginx',
      })
      expect(headers['strict-transport-security']).toBeUndefined()
    }
  })

  it('writes a line of JSON for each request: who, what, from where, how long', async () => {
    const agent = 'a "quoted" \\ agent\tof\x01 mine'
    const { headers } = await getRaw(nginx.port, '/Styles?id=9&utm=%22', `User-Agent: ${agent}\r\n`)
    await sendRaw(nginx.port, 'nonsense\r\n\r\n')
    const lines = async () =>
      (await readFile(join(folder, 'access.log'), 'utf8')).split('\n').filter(Boolean)
    await expect.poll(lines, { timeout: 5_000 }).toContainEqual(expect.stringContaining('/Styles'))

    const log = (await lines()).map((line) => JSON.parse(line) as Record<string, unknown>)

    expect(log.find(({ target }) => target === '/Styles?id=9&utm=%22')).toMatchObject({
      request_id: headers['x-request-id'],
      client: '127.0.0.1',
      method: 'GET',
      status: 200,
      cache: 'MISS',
      key: '/products/9/styles ',
      instance: expect.stringMatching(/^127\.0\.0\.1:\d+$/) as unknown,
      instance_status: '200',
      response_seconds: expect.stringMatching(/^0\.\d{3}$/) as unknown,
      seconds: expect.any(Number) as unknown,
      agent: expect.stringContaining('"quoted"') as unknown,
    })
  })

  it('speaks HTTP/2 over TLS, from the same entries', async () => {
    await getRaw(nginx.port, '/products/20', 'Accept-Encoding: gzip\r\n')

    const answer = await getHttp2(tlsPort, '/products/20', { 'accept-encoding': 'gzip' })
    const refused = await getHttp2(tlsPort, '/products?page=0')
    const large = await getHttp2(tlsPort, '/products/20', { cookie: 'x'.repeat(40_000) })

    expect(answer.headers[':status']).toBe(200)
    expect(answer.headers['cache-status']).toMatch(/nginx; hit$/)
    expect(answer.headers['strict-transport-security']).toBe('max-age=31536000')
    expect(refused.headers[':status']).toBe(400)
    expect(refused.headers['content-type']).toBe('application/problem+json')
    expect([431, 0]).toContain(large.headers[':status'] ?? 0)
  })

  it('shows no certificate to who asks for another host', async () => {
    const failure = await new Promise<unknown>((resolve) => {
      const socket = connectTls({
        port: tlsPort,
        host: '127.0.0.1',
        servername: 'other.test',
        rejectUnauthorized: false,
      })
      socket.on('error', resolve)
      socket.on('secureConnect', () => resolve(undefined))
    })

    expect(failure).toMatchObject({ code: 'ERR_SSL_TLSV1_UNRECOGNIZED_NAME' })
  })

  it('says why it does not start', async () => {
    const taken = { listen: [instances[0].address] }

    const start = startNginxUnderTest(['127.0.0.1:9'], taken)

    await expect(start).rejects.toThrow('Address already in use')
  })
})

/** A request over HTTP/2; no headers when the server cut it off. */
async function getHttp2(port: number, path: string, headers: Record<string, string> = {}) {
  const session = connect(`https://127.0.0.1:${port}`, {
    servername: 'shop.test',
    rejectUnauthorized: false,
  })
  session.on('error', () => undefined)
  const stream = session.request({ ':path': path, ':authority': 'shop.test', ...headers })
  let answered: IncomingHttpHeaders & IncomingHttpStatusHeader = {}
  stream.on('response', (given) => (answered = given))
  const body = await text(stream).catch(() => '')
  session.close()
  return { headers: answered, body }
}
