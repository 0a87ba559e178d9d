import type { Context, Hono } from 'hono'
import { toResponse } from './answer.ts'
import type { Log } from './log.ts'
import { problemAnswer, quote, unavailableAnswer } from './problem.ts'
import { pathAndQuery } from './respond.ts'
import { UnavailableError } from './unavailable.ts'

/** Every route answers these; HEAD as GET without its body. */
export const allowedMethods = 'GET, HEAD, OPTIONS'

/**
 * Gives an app its answers for everything that no handler answers: no such route 404, another method 405 with Allow, OPTIONS 204,
 * a database that cannot be asked 503, a bug 500.
 */
export const withOutcomes = (app: Hono, log: Log): Hono =>
  app
    .notFound((c) => {
      const isRoute = app.router.match('GET', c.req.path)[0].length > 0
      const isRead = c.req.method === 'GET' || c.req.method === 'HEAD'
      return isRoute && !isRead ? otherMethod(c) : noSuchRoute(c)
    })
    .onError((error, c) =>
      error instanceof UnavailableError ? unavailable(c, error) : bug(c, error, log),
    )

const otherMethod = (c: Context): Response =>
  c.req.method === 'OPTIONS'
    ? new Response(null, { status: 204, headers: { allow: allowedMethods } })
    : toResponse(
        problemAnswer(
          {
            status: 405,
            detail: `method: expected ${allowedMethods}, came ${quote(c.req.method)}`,
            instance: pathAndQuery(c.req.url),
          },
          { allow: allowedMethods },
        ),
      )

const noSuchRoute = (c: Context): Response =>
  toResponse(
    problemAnswer({
      status: 404,
      detail: 'path: expected one of those that GET / lists, exactly as they stand there',
      instance: pathAndQuery(c.req.url),
    }),
  )

const unavailable = (c: Context, error: UnavailableError): Response =>
  toResponse(unavailableAnswer(error.message, pathAndQuery(c.req.url)))

const bug = (c: Context, error: Error, log: Log): Response => {
  const requestId = c.req.header('x-request-id')
  const instance = pathAndQuery(c.req.url)
  log.error({ err: error, requestId, method: c.req.method, instance }, 'a request failed')
  return toResponse(
    problemAnswer({ status: 500, detail: 'the fault is ours and is logged', instance }),
  )
}
