import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { getRequestListener } from '@hono/node-server'
import type { Hono } from 'hono'
import { type ReadyAnswer, toResponse } from './answer.ts'
import { fullHit, isNotModified, notModifiedHit } from './compose-answer.ts'
import { negotiateEncoding } from './encoding.ts'
import { hasValidHost, malformedAnswer, refusal } from './refusal.ts'
import { type Reply, variantOf } from './reply.ts'
import { createRouteMetrics } from './route-metrics.ts'
import { sendAnswer } from './send-answer.ts'
import type { Services } from './services.ts'

/** How long a client may take nothing of an answer that waits for it. */
const stallMs = 60_000

/** What stands between the HTTP server and the app. */
export interface Door {
  readonly listener: (request: IncomingMessage, response: ServerResponse) => void
  /** The last of the answers that a socket still waits for: nothing else may be written to it before that is complete. */
  readonly lastAnswer: (socket: Duplex) => ServerResponse | undefined
}

/**
 * A GET or HEAD whose target is, to the letter, the key of a fresh reply is answered here, from ready headers and bytes, at about
 * the cost of a constant. Everything else goes to the app, which composes its answers with the same functions.
 */
export const createDoor = (app: Hono, services: Services): Door => {
  const { replies, passing, log, metrics } = services
  const metricsOf = createRouteMetrics(app, metrics)
  const answerByApp = getRequestListener(app.fetch, {
    hostname: 'localhost',
    errorHandler: () => toResponse(malformedAnswer),
  })
  // The newest of each socket: answers end in the order of their requests, so when it has ended all have.
  const newest = new WeakMap<Duplex, ServerResponse>()
  const logsRequests = log.isLevelEnabled('debug')

  const answerHit = (request: IncomingMessage, response: ServerResponse, reply: Reply) => {
    const started = performance.now()
    const answer = hitAnswer(reply, request)
    if (answer === undefined) return false
    sendAnswer(request, response, answer)
    limitStall(response)
    passing.replies.hit.value += 1
    reply.metrics ??= metricsOf(request.url ?? '')
    reply.metrics.observe(answer.status, (performance.now() - started) / 1000)
    return true
  }

  const passOn = async (request: IncomingMessage, response: ServerResponse) => {
    const started = performance.now()
    newest.set(request.socket, response)
    const refused = refusal(request)
    if (refused === undefined) await answerByApp(request, response)
    else sendAnswer(request, response, refused)
    limitStall(response)
    const seconds = (performance.now() - started) / 1000
    metricsOf(request.url ?? '').observe(response.statusCode, seconds)
  }

  return {
    listener: (request, response) => {
      if (services.isDraining) response.setHeader('connection', 'close')
      if (logsRequests) logRequest(services, request, response)
      const isRead = request.method === 'GET' || request.method === 'HEAD'
      const mayHit = isRead && hasValidHost(request)
      const reply = mayHit ? replies.fresh(request.url ?? '') : undefined
      if (reply === undefined || !answerHit(request, response, reply))
        void passOn(request, response)
    },
    lastAnswer: (socket) => {
      const answer = newest.get(socket)
      return answer?.writableFinished === true ? undefined : answer
    },
  }
}

/** undefined when the client wants an encoding that has still to be made; that takes a thread, so the app waits for it. */
const hitAnswer = (reply: Reply, { headers }: IncomingMessage): ReadyAnswer | undefined => {
  if (isNotModified(reply, headers['if-none-match'])) return notModifiedHit(reply)
  const encoding = negotiateEncoding(headers['accept-encoding'], reply.identity.body.length)
  const variant = variantOf(reply, encoding)
  return variant instanceof Promise ? undefined : fullHit(reply, variant)
}

/**
 * A client that does not take its answer is given some time, then its connection is closed. A timeout of the server would do the
 * same, and set a timer for each of the answers, nearly all, that the socket takes at once: 4 % of a hit.
 */
const limitStall = (response: ServerResponse): void => {
  if (response.writableLength > 0) response.setTimeout(stallMs)
}

const logRequest = ({ log }: Services, request: IncomingMessage, response: ServerResponse) => {
  const started = performance.now()
  response.once('close', () => {
    log.debug(
      {
        requestId: request.headers['x-request-id'],
        method: request.method,
        url: request.url,
        status: response.statusCode,
        ms: Math.round((performance.now() - started) * 1000) / 1000,
      },
      'request',
    )
  })
}
