import { once } from 'node:events'
import { connect } from 'node:net'

/** One kept-alive connection to a server, made to cost the generator little: about 10 µs an answer. */
export interface HttpConnection {
  /** Sends the bytes of a request; at most one at a time. Status 0 says that the connection broke before the answer. */
  ask(request: string, onAnswer: (status: number) => void): void
  close(): void
}

/** Opens a connection; throws when nobody listens there. */
export const openConnection = async (origin: string): Promise<HttpConnection> => {
  const { hostname, port } = new URL(origin)
  const socket = connect({ host: hostname, port: Number(port), noDelay: true })
  await once(socket, 'connect')
  const read = answerReader()
  let onAnswer: ((status: number) => void) | undefined
  const finish = (status: number) => {
    const done = onAnswer
    onAnswer = undefined
    done?.(status)
  }
  socket.on('data', (chunk) => {
    const status = read(chunk)
    if (status !== undefined) finish(status)
  })
  socket.on('error', () => finish(0))
  socket.on('close', () => finish(0))
  return {
    ask: (request, callback) => {
      onAnswer = callback
      if (socket.writable) socket.write(request, 'latin1')
      else finish(0)
    },
    close: () => socket.destroy(),
  }
}

/**
 * Reads answers off a connection, chunk by chunk: the status when an answer is complete, else undefined. Every answer that
 * has a body must say its length, as all that we measure do; throws when one does not.
 */
export const answerReader = (): ((chunk: Buffer) => number | undefined) => {
  let bodyBytesLeft = 0
  let status = 0
  let head: Buffer = Buffer.alloc(0)
  return (chunk) => {
    if (bodyBytesLeft > 0) {
      bodyBytesLeft -= chunk.length
      return bodyBytesLeft > 0 ? undefined : status
    }
    head = head.length === 0 ? chunk : Buffer.concat([head, chunk])
    const headEnd = head.indexOf('\r\n\r\n')
    if (headEnd === -1) return undefined
    const text = head.toString('latin1', 0, headEnd)
    status = Number(text.slice('HTTP/1.1 '.length, 'HTTP/1.1 200'.length))
    bodyBytesLeft = bodyBytes(status, text) - (head.length - headEnd - 4)
    head = Buffer.alloc(0)
    return bodyBytesLeft > 0 ? undefined : status
  }
}

const bodyBytes = (status: number, head: string) => {
  if (status === 304 || status === 204) return 0
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1]
  if (length === undefined) throw new Error(`expected an answer with Content-Length, came: ${head}`)
  return Number(length)
}
