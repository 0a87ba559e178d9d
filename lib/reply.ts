import { hash } from 'node:crypto'
import type { ReadyAnswer } from './answer.ts'
import { compress, type Compression, type Encoding } from './encoding.ts'
import type { RouteMetrics } from './route-metrics.ts'
import { problemBody, problemType } from './problem.ts'

/** A finished answer of one canonical URL, ready to be sent any number of times. */
export interface Reply {
  readonly status: 200 | 404
  readonly release: number
  /** Weak, so that one tag serves all encodings. Only what was found has one. */
  readonly etag: string | undefined
  readonly contentType: string
  readonly cacheControl: string
  readonly identity: Variant
  /** The compressed variants that clients have asked for so far, made once. */
  br: Variant | Promise<Variant> | undefined
  gzip: Variant | Promise<Variant> | undefined
  /** The headers of a 304 from the cache, made when first needed. */
  hitNotModified: ReadyAnswer['headers'] | undefined
  /** Counts its hits, looked up when first needed. */
  metrics: RouteMetrics | undefined
}

/** The bytes of a reply in one encoding. */
export interface Variant {
  readonly body: Buffer
  readonly encoding: Encoding
  /** The headers of a hit, made when first needed: they are the same for every hit. */
  hitHeaders: ReadyAnswer['headers'] | undefined
}

/** 96 bits of the digest: two versions of a document never share a tag by chance. */
const digestChars = 16

/** The objects, headers and key of a reply, besides its bodies. */
const replyObjectBytes = 1024

/** The reply for what was found. */
export const foundReply = (text: string, release: number, cacheControl: string): Reply => {
  const body = bufferOfItsOwn(text)
  const etag = `W/"${hash('sha1', body, 'base64url').slice(0, digestChars)}"`
  return createReply(
    { status: 200, contentType: 'application/json', etag, release, cacheControl },
    body,
  )
}

/** The reply for an id that no product has. */
export const notFoundReply = (
  detail: string,
  instance: string,
  release: number,
  cacheControl: string,
): Reply => {
  const body = bufferOfItsOwn(problemBody({ status: 404, detail, instance }))
  return createReply(
    { status: 404, contentType: problemType, etag: undefined, release, cacheControl },
    body,
  )
}

/**
 * A slice of the slabs that Buffer.from() and zlib share out would hold its whole slab while any neighbour is cached: 137 MB
 * for 77 MB of bodies, once a full cache has been turned over a few times.
 */
const bufferOfItsOwn = (content: string | Buffer): Buffer => {
  const buffer = Buffer.allocUnsafeSlow(Buffer.byteLength(content))
  if (typeof content === 'string') buffer.write(content)
  else content.copy(buffer)
  return buffer
}

/** What a reply occupies, its compressed variants included. */
export const replyBytes = ({ identity, br, gzip }: Reply): number =>
  replyObjectBytes + identity.body.length + variantBytes(br) + variantBytes(gzip)

/** The variant in an encoding: at once when it lies ready, else compressed now, once for all who ask. */
export const variantOf = (reply: Reply, encoding: Encoding): Variant | Promise<Variant> =>
  encoding === 'identity' ? reply.identity : (reply[encoding] ??= compressVariant(reply, encoding))

const createReply = (
  parts: Pick<Reply, 'status' | 'contentType' | 'etag' | 'release' | 'cacheControl'>,
  body: Buffer,
): Reply => ({
  status: parts.status,
  release: parts.release,
  etag: parts.etag,
  contentType: parts.contentType,
  cacheControl: parts.cacheControl,
  identity: { body, encoding: 'identity', hitHeaders: undefined },
  br: undefined,
  gzip: undefined,
  hitNotModified: undefined,
  metrics: undefined,
})

const compressVariant = async (reply: Reply, encoding: Compression): Promise<Variant> => {
  const { identity } = reply
  // What cannot be compressed is sent as it is.
  const compressed = await compress(identity.body, encoding).catch(() => identity.body)
  const isSmaller = compressed.length < identity.body.length
  const variant = isSmaller
    ? { body: bufferOfItsOwn(compressed), encoding, hitHeaders: undefined }
    : identity
  reply[encoding] = variant
  return variant
}

const variantBytes = (variant: Variant | Promise<Variant> | undefined): number =>
  variant === undefined || variant instanceof Promise ? 0 : variant.body.length
