import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { askAll, withEtags } from '../../loadtest/bench/ask-all.ts'
import { autocannon } from '../../loadtest/bench/autocannon.ts'
import { runConstantRate } from '../../loadtest/bench/constant-rate.ts'
import { answerReader } from '../../loadtest/bench/http-connection.ts'
import { latencies, parsePgbench } from '../../loadtest/bench/pgbench.ts'
import { parseWrk } from '../../loadtest/bench/wrk.ts'

let server: Server | undefined
const serve = async (listener: (request: IncomingMessage, response: ServerResponse) => void) => {
  server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}
afterEach(() => {
  server?.close()
  server?.closeAllConnections()
})

const answer = (response: ServerResponse, status = 200) =>
  response.writeHead(status, { 'content-length': 2 }).end('ok')

const traffic = { template: '/{}', numbers: Int32Array.of(1, 2, 3, 4) }

describe('the load at a constant rate', () => {
  const plan = { traffic, start: 0, seconds: 0.5, requestsPerSecond: 200, connections: 4 }

  it('sends what is due and measures each answer', async () => {
    const seen: (string | undefined)[] = []
    const origin = await serve(({ url }, response) => {
      seen.push(url)
      answer(response)
    })

    const result = await runConstantRate({ ...plan, origin })

    expect(seen).toHaveLength(100)
    expect(new Set(seen)).toEqual(new Set(['/1', '/2', '/3', '/4']))
    expect(result).toMatchObject({ requestsPerSecond: 200, failed: 0 })
  })

  it('counts the wait for a connection, which a closed loop would not see', async () => {
    // One connection and 20 ms an answer make 50 answers a second of the 200 that are due.
    const origin = await serve((_, response) => void setTimeout(() => answer(response), 20))

    const result = await runConstantRate({ ...plan, origin, connections: 1 })

    expect(result.p50Ms).toBeGreaterThan(300)
  })

  it('counts answers of 400 and above as failed', async () => {
    const origin = await serve(({ url }, response) => answer(response, url === '/1' ? 503 : 404))

    const result = await runConstantRate({ ...plan, origin })

    expect(result.failed).toBe(100)
  })

  it('counts connections that the server closes as failed and ends', async () => {
    const origin = await serve((request) => request.socket.destroy())

    const result = await runConstantRate({ ...plan, origin })

    expect(result.failed).toBe(100)
  })
})

describe('an answer off a connection', () => {
  const whole = 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello'

  it('is complete wherever its bytes were parted', () => {
    for (let at = 1; at < whole.length; at++) {
      const read = answerReader()

      expect(read(Buffer.from(whole.slice(0, at)))).toBeUndefined()
      expect(read(Buffer.from(whole.slice(at)))).toBe(200)
    }
  })

  it('has no body when it is a 304', () => {
    expect(answerReader()(Buffer.from('HTTP/1.1 304 Not Modified\r\netag: x\r\n\r\n'))).toBe(304)
  })

  it('must say its length', () => {
    expect(() => answerReader()(Buffer.from('HTTP/1.1 200 OK\r\n\r\nhello'))).toThrow(
      'Content-Length',
    )
  })
})

describe('asking for all', () => {
  it('asks for each number once', async () => {
    const seen: (string | undefined)[] = []
    const origin = await serve(({ url }, response) => {
      seen.push(url)
      answer(response)
    })

    await askAll(origin, traffic, 3)

    expect(seen).toHaveLength(4)
    expect(new Set(seen)).toEqual(new Set(['/1', '/2', '/3', '/4']))
  })

  it('stops at an answer that is not a 200', async () => {
    const origin = await serve(({ url }, response) => answer(response, url === '/3' ? 500 : 200))

    await expect(askAll(origin, traffic, 1)).rejects.toThrow('expected 200 from /3, came 500')
  })

  it('learns the ETag of each number', async () => {
    const origin = await serve(({ url }, response) => {
      response.setHeader('etag', `"${url}"`)
      answer(response)
    })

    const { etags } = await withEtags(origin, traffic)

    expect(etags?.get(3)).toBe('"/3"')
    expect(etags?.size).toBe(4)
  })
})

describe('autocannon, for machines without wrk', () => {
  it('sends the traffic and reports in the words of the bench', async () => {
    const seen = new Set<string | undefined>()
    const origin = await serve(({ url }, response) => {
      seen.add(url)
      answer(response)
    })

    const result = await autocannon.run({
      origin,
      traffic,
      start: 0,
      seconds: 1,
      connections: 2,
      directory: '',
    })

    expect(seen).toEqual(new Set(['/1', '/2', '/3', '/4']))
    expect(result.requests).toBeGreaterThan(10)
    expect(result.failed).toBe(0)
  })
})

describe('the words of other programs', () => {
  it('of wrk are one line among its own', () => {
    const line =
      '{"requests":200,"seconds":2.000000,"bytes":4000,"p50Micros":500,"p99Micros":9000,"badStatus":1,"broken":2}'

    expect(parseWrk(`Running 2s test @ x\n${line}\n`)).toEqual({
      requests: 200,
      seconds: 2,
      bytes: 4000,
      p50Ms: 0.5,
      p99Ms: 9,
      failed: 3,
    })
  })

  it('of wrk without that line are shown in the error', () => {
    expect(() => parseWrk('unable to connect')).toThrow('unable to connect')
  })

  it('of pgbench are its summary', () => {
    const output =
      'number of transactions actually processed: 5000\nnumber of failed transactions: 3 (0.060%)\n' +
      'tps = 2500.0 (without initial connection time)\n'

    expect(parsePgbench(output)).toEqual({ requests: 5000, seconds: 2, failed: 3 })
  })

  it('of pgbench about latency are the third words of its log', () => {
    expect(latencies('0 1 1000 0 17 1\n0 2 3000 0 17 2\n')).toMatchObject({ p50Ms: 2 })
  })
})
