import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import { describe, expect, it } from 'vitest'
import { idAt } from './catalogue.ts'
import { parseMetrics } from './parse-metrics.ts'
import { getOnce } from './raw-http.ts'
import { openTestService, type TestService, useListeningService } from './service.ts'

const productsMax = 10_000
/** A page of ten thousand is about this large, and no socket's buffers hold it. */
const description = 'A long description. '.repeat(40)

const { request, service, databaseUrl, port } = useListeningService(
  {
    product: Array.from({ length: productsMax }, (_, index) => {
      const id = idAt(index)
      return `${id},"Product ${id}","Slogan","${description}","Shoes",${id}`
    }),
  },
  {
    STREAM_CONNECTIONS_MAX: '2',
    STREAMS_QUEUED_MAX: '3',
    STREAM_STALL_MS: '1500',
    STATEMENT_TIMEOUT_MS: '300',
  },
)

const large = '/products?count=10000'

/** Begins to ask and takes nothing yet. */
const begin = async (path: string): Promise<IncomingMessage> => {
  const asked = get({ port: port(), host: '127.0.0.1', path, agent: false })
  asked.on('error', () => undefined)
  const [response] = (await once(asked, 'response')) as [IncomingMessage]
  return response
}

const lentBy = ({ services }: TestService) =>
  parseMetrics(services.metrics.text()).find(
    ({ name, labels }) =>
      name === 'product_overview_connections_lent' && labels['pool'] === 'streams',
  )?.value
const lent = () => lentBy(service())

describe('a large page', () => {
  it('holds all products, however slowly the client takes them: longer than a statement may take', async () => {
    const response = await begin(large)
    let text = ''
    for await (const chunk of response) {
      text += String(chunk)
      await sleep(10)
    }

    const products = JSON.parse(text) as { id: number }[]
    expect(products).toHaveLength(productsMax)
    expect(products.at(-1)?.id).toBe(idAt(productsMax - 1))
  })

  it('gives its connection back when the client goes away', async () => {
    const response = await begin(large)
    response.once('data', () => response.destroy())

    await expect.poll(lent, { timeout: 2000 }).toBe(0)
  })

  it('gives its connection back when the client goes before the answer has its turn on the socket', async () => {
    const socket = connect(port(), '127.0.0.1')
    socket.write(`GET ${large} HTTP/1.1\r\nHost: localhost\r\n\r\n`.repeat(2))
    await expect.poll(lent).toBe(2)

    socket.destroy()

    await expect.poll(lent, { timeout: 2000 }).toBe(0)
  })

  it('gives its connection back after STREAM_MS, though nobody takes it or says that it is gone', async () => {
    const own = await openTestService(databaseUrl(), { STREAM_MS: '1000' })
    const response = await own.app.request(large)
    expect(lentBy(own)).toBe(1)

    await expect.poll(() => lentBy(own), { timeout: 2000 }).toBe(0)
    await expect(response.text()).rejects.toThrow('Connection terminated')
    await own.services.close()
  })

  it('gives its connection back when the client takes nothing for too long, and breaks off', async () => {
    const response = await begin(large)
    expect(lent()).toBe(1)

    await expect.poll(lent, { timeout: 4000 }).toBe(0)
    await expect(readAll(response)).rejects.toThrow('aborted')
  })

  it('breaks off when its connection to the database is lost, without a proper end', async () => {
    const response = await begin(large)
    await terminateStreams()

    await expect(readAll(response)).rejects.toThrow('aborted')
    await expect.poll(lent, { timeout: 2000 }).toBe(0)
  })

  it('ends without a closing chunk then, and says nothing of the fault', async () => {
    const socket = connect(port(), '127.0.0.1')
    socket.write(getOnce(large))
    await expect.poll(lent).toBe(1)
    await terminateStreams()

    let text = ''
    for await (const chunk of socket) text += String(chunk)
    expect(text).toMatch(/^HTTP\/1\.1 200 OK/)
    expect(text.endsWith('0\r\n\r\n')).toBe(false)
    expect(text).not.toMatch(/Error|terminat/)
  })

  it('is refused when too many others are under way', async () => {
    const begun = await Promise.all([begin(large), begin(large)])
    const more = Array.from({ length: 6 }, () => request(large))

    const statuses = (await Promise.all(more)).map(({ status }) => status)

    expect(statuses).toEqual([503, 503, 503, 503, 503, 503])
    expect(service().services.follower.obstacle()).toBeUndefined()
    for (const response of begun) response.destroy()
    await expect.poll(lent, { timeout: 2000 }).toBe(0)
  })

  it('needs no place to wait when a connection is free', async () => {
    const own = await openTestService(databaseUrl(), { STREAMS_QUEUED_MAX: '0' })

    const response = await own.app.request('/products?count=301')

    expect(response.status).toBe(200)
    await response.text()
    await own.services.close()
  })

  it('leaves small reads alone while many large ones are taken slowly', async () => {
    const begun = await Promise.all([begin(large), begin(large)])
    service().services.replies.clear()

    const response = await request('/products/1')

    expect(response.status).toBe(200)
    for (const one of begun) one.destroy()
  })

  it('takes no more memory than a small one', async () => {
    await readAll(await begin(large))
    global.gc?.()
    const before = process.memoryUsage.rss()
    let peak = before
    const timer = setInterval(() => {
      peak = Math.max(peak, process.memoryUsage.rss())
    }, 5)

    for (let n = 0; n < 6; n += 1) {
      const response = await begin(large)
      let bytes = 0
      for await (const chunk of response) bytes += (chunk as Buffer).length

      expect(bytes).toBeGreaterThan(9_000_000)
    }

    clearInterval(timer)
    // Six times 9.4 MB went through.
    expect((peak - before) / 1e6).toBeLessThan(40)
  })
})

const readAll = async (response: IncomingMessage) => {
  for await (const _ of response) continue
}

const terminateStreams = async () => {
  const admin = new Client(databaseUrl())
  await admin.connect()
  await admin.query(
    `select pg_terminate_backend(pid) from pg_stat_activity
     where application_name = 'product-overview' and query like '%list_anchor%' and state <> 'idle'
       and datname = current_database()`,
  )
  await admin.end()
}
