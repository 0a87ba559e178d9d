import { Agent, get } from 'node:http'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'

/** An answer as it came over the wire. */
export interface RawAnswer {
  readonly status: number
  readonly encoding: string
  readonly tag: string
  readonly bytes: Buffer
  /** The same, unpacked. */
  readonly body: Buffer
}

const agent = new Agent({ keepAlive: true })

/** GET of a target to the letter, which fetch() would spell its own way, without unpacking. */
export const rawGet = (
  origin: string,
  path: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<RawAnswer> => {
  const { hostname, port } = new URL(origin)
  return new Promise((resolve, reject) => {
    const request = get({ hostname, port, path, headers, agent }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('error', reject)
      response.on('end', () => {
        const bytes = Buffer.concat(chunks)
        const encoding = response.headers['content-encoding'] ?? 'identity'
        resolve({
          status: response.statusCode ?? 0,
          encoding,
          tag: response.headers.etag ?? '',
          bytes,
          body: unpack(bytes, encoding),
        })
      })
    })
    request.on('error', reject)
  })
}

const unpack = (bytes: Buffer, encoding: string) => {
  if (encoding === 'br') return brotliDecompressSync(bytes)
  return encoding === 'gzip' ? gunzipSync(bytes) : bytes
}
