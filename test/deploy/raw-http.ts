import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

const answerMsMax = 8_000

export interface RawAnswer {
  /** Everything that came. */
  readonly text: string
  /** 0 when nothing came, or something that is no answer. */
  readonly status: number
  /** By name in lower case; several lines of one name are an array. */
  readonly headers: Readonly<Record<string, string | readonly string[]>>
  readonly body: string
  /** From the first byte sent to the end of the connection. */
  readonly tookMs: number
}

/**
 * Sends bytes as they are, which no HTTP client would, and reads until the server closes. Several pieces are sent
 * `betweenMs` apart.
 */
export async function sendRaw(
  port: number,
  pieces: string | Buffer | readonly (string | Buffer)[],
  betweenMs = 0,
): Promise<RawAnswer> {
  const socket = connect(port, '127.0.0.1')
  const startMs = performance.now()
  const received = collect(socket)
  for (const piece of [pieces].flat()) {
    if (socket.destroyed) break
    socket.write(typeof piece === 'string' ? Buffer.from(piece, 'latin1') : piece)
    if (betweenMs > 0) await sleep(betweenMs)
  }
  const text = await received
  return { ...parse(text), text, tookMs: performance.now() - startMs }
}

/** GET of a target that a URL parser would have changed, and the connection's end. */
export const getRaw = (port: number, target: string, headers = ''): Promise<RawAnswer> =>
  sendRaw(port, `GET ${target} HTTP/1.1\r\nHost: shop.test\r\nConnection: close\r\n${headers}\r\n`)

function collect(socket: Socket): Promise<string> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    const end = () => resolve(Buffer.concat(chunks).toString('latin1'))
    socket.setTimeout(answerMsMax, () => socket.destroy())
    socket.on('data', (chunk) => chunks.push(chunk))
    // A reset after the answer is an answer all the same.
    socket.on('error', () => undefined)
    socket.on('close', end)
  })
}

function parse(text: string): Pick<RawAnswer, 'status' | 'headers' | 'body'> {
  const headEnd = text.indexOf('\r\n\r\n')
  const [statusLine = '', ...lines] = text.slice(0, Math.max(headEnd, 0)).split('\r\n')
  const headers: Record<string, string | string[]> = {}
  for (const line of lines) {
    const name = line.slice(0, line.indexOf(':')).toLowerCase()
    const value = line.slice(line.indexOf(':') + 1).trim()
    headers[name] = name in headers ? [headers[name] ?? [], value].flat() : value
  }
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(statusLine)?.[1] ?? 0)
  return { status, headers, body: headEnd === -1 ? '' : text.slice(headEnd + 4) }
}
