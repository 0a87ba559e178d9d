import { Agent, get } from 'node:http'
import { createServer, type AddressInfo } from 'node:net'
import { once } from 'node:events'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestDatabase } from './database.ts'
import type { Bundles } from './lib/bundles.ts'
import { sharedBundles } from './lib/shared-bundles.ts'
import { createCatalogueDatabase } from './lib/catalogue.ts'
import { type ServerProcess, startServer } from './lib/server-process.ts'

const nowhere = 'postgres://nobody@127.0.0.1:1/nowhere'

let database: TestDatabase
let bundles: Bundles
const started: ServerProcess[] = []

beforeAll(async () => {
  bundles = await sharedBundles()
  database = await createCatalogueDatabase()
})
afterAll(async () => {
  for (const { child } of started) child.kill('SIGKILL')
  await database.drop()
})

const start = (env: Record<string, string>, nodeOptions: readonly string[] = []) => {
  const server = startServer([...nodeOptions, join(bundles.dir, 'server.js')], {
    PORT: '0',
    DATABASE_URL: database.url,
    ...env,
  })
  started.push(server)
  return server
}

describe('the server', () => {
  it('names every mistake in its settings and ends', async () => {
    const server = start({ DATABASE_URL: '', PORT: 'http', LOG_LEVEL: 'loud' })

    expect(await server.ended).toEqual({ code: 1, signal: null })
    expect(server.output()).toContain('DATABASE_URL is not set: expected postgres://')
    expect(server.output()).toContain('PORT is "http": expected a whole number from 0 to 65535')
    expect(server.output()).toContain('LOG_LEVEL is "loud": expected one of')
  })

  it('says which setting to change when its port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const { port } = other.address() as AddressInfo

    const server = start({ PORT: String(port) })

    expect(await server.ended).toEqual({ code: 1, signal: null })
    expect(server.output()).toContain(
      `port ${port} of 127.0.0.1 is in use by another program: set PORT to a free one`,
    )
    other.close()
  })

  it('says which setting to change when it has no such address', async () => {
    const server = start({ HOST: '203.0.113.7' })

    expect((await server.ended).code).toBe(1)
    expect(server.output()).toContain('set HOST to an address of this machine')
  })

  it('starts without a database, logs once why, says that it is not ready, and ends in good order', async () => {
    const server = start({ DATABASE_URL: nowhere, DRAIN_NOTICE_MS: '0' })
    const url = await server.url()

    const ready = await fetch(`${url}/readyz`)
    server.child.kill('SIGTERM')

    expect(ready.status).toBe(503)
    expect(await server.ended).toEqual({ code: 0, signal: null })
    const warnings = logged(server).filter(({ level, err }) => level === 40 && err !== undefined)
    expect(warnings).toMatchObject([
      {
        database: '127.0.0.1:1/nowhere',
        err: { code: 'ECONNREFUSED' },
        msg: 'the database does not answer',
      },
    ])
  })

  it.each(['SIGTERM', 'SIGINT'] as const)(
    'drains at %s: not ready, each answer closes its connection, all requests are answered',
    async (signal) => {
      const server = start({ DRAIN_NOTICE_MS: '500' })
      const url = await server.url()
      const agent = new Agent({ keepAlive: true })
      expect((await ask(`${url}/products/1`, agent)).connection).toBe('keep-alive')

      server.child.kill(signal)
      await expect.poll(async () => (await ask(`${url}/readyz`, agent)).status).toBe(503)
      const hot = await ask(`${url}/products/1`, agent)
      const cold = await ask(`${url}/products/2`, agent)

      expect([hot, cold]).toEqual([
        { status: 200, connection: 'close' },
        { status: 200, connection: 'close' },
      ])
      expect(await server.ended).toEqual({ code: 0, signal: null })
      await expect(ask(`${url}/livez`, agent)).rejects.toThrow('ECONNREFUSED')
    },
  )

  it('ends in bounded time though a client holds its connection open in the middle of a request', async () => {
    const server = start({ DRAIN_NOTICE_MS: '0', DRAIN_MS: '300' })
    const url = await server.url()
    const asking = get(`${url}/livez`, { headers: { 'content-length': '5' } })
    asking.on('error', () => undefined)
    asking.flushHeaders()
    await new Promise((resolve) => setTimeout(resolve, 100))

    const before = performance.now()
    server.child.kill('SIGTERM')

    expect(await server.ended).toEqual({ code: 0, signal: null })
    expect(performance.now() - before).toBeLessThan(3000)
  })

  it('ends at once at the second signal', async () => {
    const server = start({ DRAIN_NOTICE_MS: '60000' })
    await server.url()

    server.child.kill('SIGTERM')
    await expect.poll(server.output).toContain('draining')
    server.child.kill('SIGTERM')

    expect((await server.ended).code).toBe(1)
  })

  it.each(['throw fault', 'void Promise.reject(fault)'])(
    'logs a fault that nothing caught (%s) and ends, to be replaced',
    async (statement) => {
      const code = `const fault = new Error('of its own'); process.once('SIGUSR2', () => { ${statement} })`
      const server = start({}, ['--import', `data:text/javascript,${encodeURIComponent(code)}`])
      await server.url()

      server.child.kill('SIGUSR2')

      expect(await server.ended).toEqual({ code: 1, signal: null })
      const last = JSON.parse(server.output().trim().split('\n').at(-1) ?? '') as object
      expect(last).toMatchObject({ level: 60, err: { message: 'of its own' } })
    },
  )

  it('logs JSON lines, one for each request at debug with the id that NGINX gave it, none for requests otherwise', async () => {
    const server = start({ LOG_LEVEL: 'debug', DRAIN_NOTICE_MS: '0' })
    const url = await server.url()
    await fetch(`${url}/products/1`, { headers: { 'x-request-id': 'abc-1' } })
    await fetch(`${url}/products/1`, { headers: { 'x-request-id': 'abc-2' } })
    server.child.kill('SIGTERM')
    await server.ended

    const requests = logged(server).filter(({ msg }) => msg === 'request')
    expect(requests).toMatchObject([
      { requestId: 'abc-1', method: 'GET', url: '/products/1', status: 200 },
      { requestId: 'abc-2', method: 'GET', url: '/products/1', status: 200 },
    ])
  })
})

const logged = (server: ServerProcess) =>
  server
    .output()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)

const ask = async (url: string, agent: Agent) =>
  new Promise<{ status: number | undefined; connection: string | undefined }>((resolve, reject) => {
    get(url, { agent }, (response) => {
      response.resume()
      response.once('end', () =>
        resolve({ status: response.statusCode, connection: response.headers.connection }),
      )
    }).on('error', reject)
  })
