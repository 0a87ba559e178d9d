import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'

/** Products 1 to this exist. */
export const productIdMax = 1000

/**
 * An instance as the contract describes it, small enough to be told what to do: it stands in where a test must decide
 * when an answer comes, fails or changes. Everything it was asked is kept in `asked`.
 */
export class StubInstance {
  /** The release that its answers are from. */
  release = 1
  /** Milliseconds until it answers. */
  delayMs = 0
  /** Instead of its answer, when set. */
  override: ((request: IncomingMessage, response: ServerResponse) => void) | undefined
  /** Products taken out of the catalogue. */
  readonly removed = new Set<number>()
  asked: IncomingMessage[] = []
  readonly #server: Server
  #port = 0

  constructor() {
    this.#server = createServer({ keepAliveTimeout: 75_000 }, (request, response) => {
      this.asked.push(request)
      void this.#answer(request, response)
    })
  }

  get address(): string {
    return `127.0.0.1:${this.#port}`
  }

  /** The targets it was asked for, in order. */
  get targets(): (string | undefined)[] {
    return this.asked.map(({ url }) => url)
  }

  /** Listens: on a free port the first time, on the same one ever after. */
  async start(): Promise<this> {
    this.#server.listen(this.#port, '127.0.0.1')
    await once(this.#server, 'listening')
    this.#port = (this.#server.address() as AddressInfo).port
    return this
  }

  /** Is gone: every connection is cut, the next one refused. */
  async stop(): Promise<void> {
    if (!this.#server.listening) return
    const closed = once(this.#server, 'close')
    this.#server.close()
    this.#server.closeAllConnections()
    await closed
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (this.delayMs > 0) await sleep(this.delayMs)
    if (this.override !== undefined) return this.override(request, response)
    const target = request.url ?? ''
    const [, id] = /^\/products\/(\d+)(?:\/styles|\/related)?$/.exec(target) ?? []
    const isList = /^\/products\?page=\d+&count=\d+$/.test(target) || target === '/'
    if (isList || (id !== undefined && this.#has(Number(id)))) this.#found(request, response)
    else if (id === undefined) problem(response, 400, 'no-store')
    else problem(response, 404, 'public, max-age=1')
  }

  #has(id: number): boolean {
    return id >= 1 && id <= productIdMax && !this.removed.has(id)
  }

  #found(request: IncomingMessage, response: ServerResponse): void {
    // Whatever a client managed to say through NGINX shows in what is kept.
    const { 'x-request-id': _, ...heard } = request.headers
    const filler = 'The fit is loose and the seams are flat. '.repeat(50)
    const body = JSON.stringify({ target: request.url, release: this.release, heard, filler })
    const compress = request.headers['accept-encoding'] === 'gzip'
    response.writeHead(200, {
      'content-type': 'application/json',
      'cache-control':
        'public, max-age=1, s-maxage=1, stale-while-revalidate=1, stale-if-error=86400',
      etag: 'W/"the same in every release"',
      vary: 'Accept-Encoding',
      'x-catalog-release': `${this.release}`,
      'cache-status': 'product-overview; hit',
      ...(compress && { 'content-encoding': 'gzip' }),
    })
    response.end(compress ? gzipSync(body) : body)
  }
}

/** An error as an instance answers it. */
export function problem(response: ServerResponse, status: number, cacheControl: string): void {
  response.writeHead(status, {
    'content-type': 'application/problem+json',
    'cache-control': cacheControl,
    ...(status === 503 && { 'retry-after': '1' }),
  })
  response.end(JSON.stringify({ type: 'about:blank', title: 'from the instance', status }))
}
