import type { Answer, ReadyAnswer } from './answer.ts'
import { matchesEtag } from './entity-tag.ts'
import type { Reply, Variant } from './reply.ts'

/** Cache-Status (RFC 9211) of a reply that lay ready. */
export const hitStatus = 'product-overview; hit'

/** Whether the client already has this reply and says so. */
export const isNotModified = ({ etag }: Reply, ifNoneMatch: string | undefined): boolean =>
  ifNoneMatch !== undefined && etag !== undefined && matchesEtag(ifNoneMatch, etag)

/** 304, with the headers that the full answer would have had for caches. */
export const notModifiedAnswer = (reply: Reply, cacheStatus: string): Answer => ({
  status: 304,
  headers: cachingHeaders(reply, cacheStatus),
  body: null,
})

/** The whole reply in one of its encodings. */
export const fullAnswer = (reply: Reply, variant: Variant, cacheStatus: string): Answer => ({
  status: reply.status,
  headers: fullHeaders(reply, variant, cacheStatus),
  body: variant.body,
})

/** The 304 of a hit; its headers are made once. */
export const notModifiedHit = (reply: Reply): ReadyAnswer => ({
  status: 304,
  headers: (reply.hitNotModified ??= flat(cachingHeaders(reply, hitStatus))),
  body: null,
})

/** The full answer of a hit; its headers are made once. */
export const fullHit = (reply: Reply, variant: Variant): ReadyAnswer => ({
  status: reply.status,
  headers: (variant.hitHeaders ??= flat(fullHeaders(reply, variant, hitStatus))),
  body: variant.body,
})

const flat = (headers: Readonly<Record<string, string>>): string[] => Object.entries(headers).flat()

const fullHeaders = (reply: Reply, { body, encoding }: Variant, cacheStatus: string) => {
  const headers: Record<string, string> = {
    'content-type': reply.contentType,
    'content-length': String(body.length),
    ...cachingHeaders(reply, cacheStatus),
  }
  if (encoding !== 'identity') headers['content-encoding'] = encoding
  return headers
}

/** What caches and clients are told of every 200 and 304. */
export const cachingHeaders = (
  reply: Pick<Reply, 'cacheControl' | 'release' | 'etag'>,
  cacheStatus: string,
): Record<string, string> => {
  const headers: Record<string, string> = {
    'cache-control': reply.cacheControl,
    vary: 'Accept-Encoding',
    'cache-status': cacheStatus,
    'x-catalog-release': String(reply.release),
  }
  if (reply.etag !== undefined) headers['etag'] = reply.etag
  return headers
}
