import type { Context } from 'hono'
import { toResponse } from './answer.ts'
import { cachingHeaders } from './compose-answer.ts'
import { matchesEtag } from './entity-tag.ts'
import type { PageStream } from './page-stream.ts'
import type { ListParameters } from './parameters.ts'
import type { ListVersion } from './poll.ts'
import type { Services } from './services.ts'
import { UnavailableError } from './unavailable.ts'

/** What node-server tells handlers of the connection; nothing when a test calls the app. */
interface NodeBindings {
  readonly outgoing?: {
    readonly destroy: () => unknown
    /** Destroys it when nothing has moved for so long. */
    readonly setTimeout: (ms: number) => unknown
  }
}

/**
 * Known before the page is read, so that 304 costs no statement. It changes with every change of the list: with the next poll, so
 * for 250 ms a client that has the former page is still told that it is the newest. It is the same in every process, and never
 * that of a later version than the page was read from.
 */
const tagOf = (list: ListVersion, { page, count }: ListParameters) =>
  `W/"${list.release}-${list.changes}-${list.idSum}-${page}-${count}"`

const bypassStatus = 'product-overview; fwd=bypass'

/** Answers with a large page as it comes from the database, so that its size does not matter; nothing of it is cached. */
export const respondStreaming = async (
  c: Context,
  { openPage, streamStallMs, follower, cacheControl, log }: Services,
  parameters: ListParameters,
): Promise<Response> => {
  const { page, count } = parameters
  const caching = (list: ListVersion) =>
    cachingHeaders(
      {
        release: list.release,
        etag: tagOf(list, parameters),
        cacheControl: cacheControl.found,
      },
      bypassStatus,
    )
  const full = (list: ListVersion) => ({ 'content-type': 'application/json', ...caching(list) })

  const list = follower.list()
  if (list === undefined) throw new UnavailableError(follower.obstacle())
  const ifNoneMatch = c.req.header('if-none-match')
  if (ifNoneMatch !== undefined && matchesEtag(ifNoneMatch, tagOf(list, parameters))) {
    return toResponse({ status: 304, headers: caching(list), body: null })
  }
  if (c.req.method === 'HEAD') {
    const obstacle = follower.obstacle()
    if (obstacle !== undefined) throw new UnavailableError(obstacle)
    return toResponse({ status: 200, headers: full(list), body: null })
  }
  const stream = await openPage(page, count)
  const outgoing = (c.env as NodeBindings | undefined)?.outgoing
  outgoing?.setTimeout(streamStallMs)
  const body = readableOf(stream, (error) => {
    log.warn({ err: error, page, count }, 'a large page broke off')
    outgoing?.destroy()
    return outgoing !== undefined
  })
  return new Response(body, { status: 200, headers: full(stream.list) })
}

/**
 * `breakOff` is told of a failure in the middle and says whether it has cut the connection. Were the stream failed instead,
 * node-server would end the answer in good order, with the error's message as its last words.
 */
const readableOf = (
  { first, rest }: PageStream,
  breakOff: (error: unknown) => boolean,
): ReadableStream<Uint8Array> =>
  new ReadableStream(
    {
      start: (controller) => controller.enqueue(first),
      pull: async (controller) => {
        try {
          const { done, value } = await rest.next()
          if (done) controller.close()
          else controller.enqueue(value)
        } catch (error) {
          if (!breakOff(error)) controller.error(error)
        }
      },
      cancel: async () => {
        await rest.return()
      },
    },
    { highWaterMark: 0 },
  )
