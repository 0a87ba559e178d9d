import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'

/** A content coding that replies are sent in. */
export type Encoding = 'identity' | Compression

/** A coding that makes bodies smaller. */
export type Compression = 'br' | 'gzip'

/** Below this a compressed body saves less than a packet and costs the client time. */
const compressBytesMin = 1024
/** A styles document of 2.1 kB becomes 5.0 times smaller in 0.08 ms; with quality 9 no smaller, in 2 ms. */
const brotliQuality = 5
/** The same document becomes 4.5 times smaller in 0.03 ms. */
const gzipLevel = 6

/** Accept-Encoding headers come in few spellings, so each is read once; the number of spellings kept is bounded. */
const spellings = new Map<string, Encoding>()
const spellingsMax = 500

/** The best coding that an Accept-Encoding header allows for a body of so many bytes. */
export const negotiateEncoding = (acceptEncoding: string | undefined, bytes: number): Encoding => {
  if (acceptEncoding === undefined || bytes < compressBytesMin) return 'identity'
  const known = spellings.get(acceptEncoding)
  if (known !== undefined) return known
  const encoding = readAcceptEncoding(acceptEncoding)
  if (spellings.size < spellingsMax) spellings.set(acceptEncoding, encoding)
  return encoding
}

/** Compresses off the event loop's thread. */
export const compress = (body: Buffer, encoding: Compression): Promise<Buffer> =>
  encoding === 'br'
    ? brotli(body, {
        params: {
          [constants.BROTLI_PARAM_QUALITY]: brotliQuality,
          [constants.BROTLI_PARAM_SIZE_HINT]: body.length,
        },
      })
    : gzipped(body, { level: gzipLevel })

const brotli = promisify(brotliCompress)
const gzipped = promisify(gzip)

// Weights (RFC 9110, 12.5.3) decide; of equals br wins, then gzip. Identity counts only where it is named, and nothing is refused
// for lack of it.
const readAcceptEncoding = (header: string): Encoding => {
  const weights = new Map(header.toLowerCase().split(',').map(readWeight))
  const weightOf = (coding: string) => weights.get(coding) ?? weights.get('*') ?? 0
  const [br, gzipWeight] = [weightOf('br'), weightOf('gzip')]
  const best = Math.max(br, gzipWeight)
  if (best === 0 || best < (weights.get('identity') ?? 0)) return 'identity'
  return br >= gzipWeight ? 'br' : 'gzip'
}

const readWeight = (part: string): [coding: string, weight: number] => {
  const [coding = '', ...parameters] = part.split(';').map((text) => text.trim())
  const q = parameters.find((parameter) => parameter.startsWith('q='))
  const weight = q === undefined ? 1 : Number(q.slice(2))
  return [coding, weight >= 0 && weight <= 1 ? weight : 0]
}
