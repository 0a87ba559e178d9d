import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream, existsSync } from 'node:fs'
import { mkdir, rename } from 'node:fs/promises'
import { createServer, get, type IncomingMessage, type ServerResponse } from 'node:http'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { paths } from './folder.ts'

/** Package files never change; lists do, and are asked for anew in each run. */
const isPackage = (path: string) => path.endsWith('.deb')

/**
 * Debian's mirror as machines see it: they ask this address by the mirror's own name, and it fetches what it does not
 * have. Machines have no other way out. It serves that one host and nothing else.
 */
export async function startMirror(address: string, mirror: URL): Promise<() => void> {
  await mkdir(paths.mirror, { recursive: true })
  const server = createServer((request, response) => {
    answer(request, response, mirror).catch((error: unknown) => {
      response.destroy(error as Error)
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.on('error', reject).listen(80, address, resolve)
  })
  return () => {
    server.close()
    server.closeAllConnections()
  }
}

async function answer(request: IncomingMessage, response: ServerResponse, mirror: URL) {
  const path = request.url ?? '/'
  if (request.method !== 'GET' || request.headers.host !== mirror.host) {
    response.writeHead(403).end()
    return
  }
  const file = join(paths.mirror, createHash('sha256').update(path).digest('hex'))
  if (!isPackage(path) || !existsSync(file)) {
    const upstream = await fetchUpstream(new URL(path, mirror))
    if (upstream.statusCode !== 200) {
      upstream.resume()
      response.writeHead(upstream.statusCode ?? 502).end()
      return
    }
    // A name of its own: two machines may ask for the same file at once.
    const part = `${file}.${process.hrtime.bigint()}`
    await pipeline(upstream, createWriteStream(part))
    await rename(part, file)
  }
  response.writeHead(200)
  await pipeline(createReadStream(file), response)
}

const fetchUpstream = (url: URL) =>
  new Promise<IncomingMessage>((resolve, reject) => {
    get(url, resolve).on('error', reject)
  })
