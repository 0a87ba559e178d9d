import {
  createServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
  STATUS_CODES,
} from 'node:http'
import type { Duplex } from 'node:stream'
import type { Answer } from './answer.ts'
import type { Door } from './door.ts'
import { allowedMethods } from './outcomes.ts'
import { problemAnswer } from './problem.ts'
import { sendAnswer } from './send-answer.ts'

const limits = {
  /** Request line and headers together. */
  maxHeaderSize: 16 * 1024,
  headersTimeout: 10_000,
  requestTimeout: 20_000,
  connectionsCheckingInterval: 2_000,
  /** Longer than the 55 s of NGINX, so that it is never us who close a connection that NGINX is about to use. */
  keepAliveTimeout: 75_000,
} as const

const connectionsMax = 20_000

/**
 * An HTTP server with a limit on everything a client can stretch. Whatever is not answered by the door is answered by a problem as
 * well. There is no limit on requests a connection: Node answers those over it with 503 and no body.
 */
export const createHttpServer = ({ listener, lastAnswer }: Door): Server => {
  // A missing Host is refused by the door, with a body.
  const server = createServer({ ...limits, requireHostHeader: false }, listener)
  server.maxConnections = connectionsMax
  const refused = new WeakSet<Duplex>()
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    if (!socket.writable || lostCodes.has(error.code ?? '')) return socket.destroy()
    // Each further packet is an error as well.
    if (refused.has(socket)) return undefined
    refused.add(socket)
    const last = lastAnswer(socket)
    if (last === undefined) endWith(socket, clientErrorAnswer(error.code))
    else last.once('finish', () => endWith(socket, clientErrorAnswer(error.code)))
    return undefined
  })
  server.on('connect', (_request, socket) => endWith(socket, connectAnswer))
  server.on('checkExpectation', (request: IncomingMessage, response: ServerResponse) =>
    sendAnswer(request, response, expectationAnswer),
  )
  return server
}

/** The client is gone. */
const lostCodes = new Set(['ECONNRESET', 'EPIPE'])

const problem = (status: number, detail: string, headers?: Record<string, string>): Answer =>
  problemAnswer({ status, detail, instance: '/' }, { connection: 'close', ...headers })

const connectAnswer = problem(405, `method: expected ${allowedMethods}, came CONNECT`, {
  allow: allowedMethods,
})
const expectationAnswer = problem(417, 'Expect: expected 100-continue or nothing')
const notHttpAnswer = problem(400, 'request: expected HTTP/1.1 as RFC 9112 defines it')
const tooSlowAnswer = problem(408, 'request: expected it to be complete sooner')
const tooLargeAnswer = problem(
  431,
  `request: expected at most ${limits.maxHeaderSize} bytes of headers`,
)

const clientErrorAnswer = (code: string | undefined): Answer => {
  if (code === 'HPE_HEADER_OVERFLOW') return tooLargeAnswer
  return code === 'ERR_HTTP_REQUEST_TIMEOUT' ? tooSlowAnswer : notHttpAnswer
}

/** Writes an answer on a connection that Node has given up on, and closes it. */
const endWith = (socket: Duplex, { status, headers, body }: Answer): void => {
  // Nobody listens to it any more, and a reset by the client would end the process.
  socket.on('error', ignore)
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  const head = [`HTTP/1.1 ${status} ${STATUS_CODES[status]}`, ...lines, '', ''].join('\r\n')
  socket.end(Buffer.concat([Buffer.from(head), body ?? Buffer.alloc(0)]), () => socket.destroy())
}

const ignore = () => undefined
