import type { Socket } from 'node:net'
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
  readonly incoming?: { readonly socket: Socket }
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
  `W/"${list.release}-${list.began}-${list.changes}-${list.idSum}-${page}-${count}"`

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
  const { incoming, outgoing } = (c.env ?? {}) as NodeBindings
  outgoing?.setTimeout(streamStallMs)
  const body = readableOf(stream, {
    onEnd: returnWhenGone(stream, incoming?.socket),
    breakOff: (error) => {
      log.warn({ err: error, page, count }, 'a large page broke off')
      outgoing?.destroy()
      return outgoing !== undefined
    },
  })
  return new Response(body, { status: 200, headers: full(stream.list) })
}

/**
 * Ends the reading when the client goes, until it is told to leave it. Node tells that to the answer whose turn on the socket it
 * is; the second of two requests in one write would keep its connection to the database for ever.
 */
const returnWhenGone = ({ rest }: PageStream, socket: Socket | undefined) => {
  const end = () => void rest.return()
  if (socket?.destroyed === true) end()
  socket?.once('close', end)
  return () => {
    socket?.off('close', end)
  }
}

interface ReadableEvents {
  /** All was read, or no more will be. */
  readonly onEnd: () => void
  /**
   * Is told of a failure in the middle and says whether it has cut the connection. Were the stream failed instead, node-server
   * would end the answer in good order, with the error's message as its last words.
   */
  readonly breakOff: (error: unknown) => boolean
}

const readableOf = (
  { first, rest }: PageStream,
  { onEnd, breakOff }: ReadableEvents,
): ReadableStream<Uint8Array> =>
  new ReadableStream(
    {
      start: (controller) => controller.enqueue(first),
      pull: async (controller) => {
        try {
          const { done, value } = await rest.next()
          if (!done) {
            controller.enqueue(value)
            return
          }
          onEnd()
          controller.close()
        } catch (error) {
          onEnd()
          if (!breakOff(error)) controller.error(error)
        }
      },
      cancel: async () => {
        onEnd()
        await rest.return()
      },
    },
    { highWaterMark: 0 },
  )
