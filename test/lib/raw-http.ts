import { once } from 'node:events'
import { connect } from 'node:net'

/** Sends bytes on a connection of its own and returns everything that comes until the server closes it. */
export const exchange = async (port: number, text: string): Promise<string> => {
  const socket = connect(port, '127.0.0.1')
  const chunks: Buffer[] = []
  socket.on('data', (chunk) => chunks.push(chunk))
  socket.write(text, 'latin1')
  await once(socket, 'close')
  return Buffer.concat(chunks).toString('latin1')
}

/** A GET that asks for the connection to be closed after its answer. */
export const getOnce = (path: string, headers = ''): string =>
  `GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n${headers}\r\n`

export interface RawAnswer {
  readonly status: number
  readonly headers: ReadonlyMap<string, string>
  readonly body: string
}

/** Splits one answer, whose body ends with the connection, strictly: a line of the head that is no header is an error. */
export const parseAnswer = (text: string): RawAnswer => {
  const end = text.indexOf('\r\n\r\n')
  const [statusLine = '', ...lines] = text.slice(0, end).split('\r\n')
  const [, status] = /^HTTP\/1\.1 (\d{3}) [\w -]+$/.exec(statusLine) ?? []
  if (end === -1 || status === undefined) throw new Error(`not an answer: ${JSON.stringify(text)}`)
  const headers = new Map<string, string>()
  for (const line of lines) {
    const [, name, value] = /^([\w-]+): (.*)$/.exec(line) ?? []
    if (name === undefined || value === undefined) throw new Error(`not a header: ${line}`)
    headers.set(name.toLowerCase(), value)
  }
  return { status: Number(status), headers, body: text.slice(end + 4) }
}
