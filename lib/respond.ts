import type { Context } from 'hono'
import { toResponse } from './answer.ts'
import { fullAnswer, isNotModified, notModifiedAnswer } from './compose-answer.ts'
import { negotiateEncoding } from './encoding.ts'
import { problemAnswer } from './problem.ts'
import { variantOf } from './reply.ts'
import type { LoadReply, ReplyCache } from './reply-cache.ts'

/** Answers with the reply of a canonical URL, from the cache or loaded now; rejects as the load does. */
export const respond = async (
  c: Context,
  replies: ReplyCache,
  key: string,
  load: LoadReply,
): Promise<Response> => {
  const { reply, cacheStatus } = await replies.get(key, load)
  if (isNotModified(reply, c.req.header('if-none-match'))) {
    return toResponse(notModifiedAnswer(reply, cacheStatus))
  }
  const encoding = negotiateEncoding(c.req.header('accept-encoding'), reply.identity.body.length)
  const ready = variantOf(reply, encoding)
  if (!(ready instanceof Promise)) return toResponse(fullAnswer(reply, ready, cacheStatus))
  const variant = await ready
  replies.weigh(key, reply)
  return toResponse(fullAnswer(reply, variant, cacheStatus))
}

/** 400: says which value was wrong and what was expected. */
export const badRequest = (c: Context, detail: string): Response =>
  toResponse(problemAnswer({ status: 400, detail, instance: pathAndQuery(c.req.url) }))

/** The part of a URL that a problem happened at. */
export const pathAndQuery = (url: string): string =>
  url.slice(url.indexOf('/', url.indexOf('//') + 2))
