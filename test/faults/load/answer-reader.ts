/** An HTTP/1.1 answer that has come as a whole. */
export interface Answer {
  readonly status: number
  /** The status line and the header lines. */
  readonly head: string
  /** As it came: chunks, where there are some, with their sizes. */
  readonly body: Buffer
}

/** Reads the answers to GETs off a connection, one after the other: gives each when its last byte has come. */
export const createAnswerReader = () => {
  let received: Buffer = Buffer.alloc(0)
  let head: { readonly text: string; readonly length: number } | undefined

  const takeHead = () => {
    const end = received.indexOf('\r\n\r\n')
    return end === -1
      ? undefined
      : { text: received.toString('latin1', 0, end), length: end + '\r\n\r\n'.length }
  }
  const read = (chunk: Buffer): Answer | undefined => {
    received = received.length === 0 ? chunk : Buffer.concat([received, chunk])
    head ??= takeHead()
    if (head === undefined) return undefined
    const body = received.subarray(head.length)
    const status = Number(head.text.slice('HTTP/1.1 '.length, 'HTTP/1.1 200'.length))
    if (!isWhole(status, head.text, body)) return undefined
    const answer = { status, head: head.text, body }
    received = Buffer.alloc(0)
    head = undefined
    return answer
  }
  return { read, hasBegun: () => received.length > 0 }
}

const lines = new Map<string, RegExp>()

/** The value of a header line; empty when there is none. */
export const headerOf = (head: string, name: string): string => {
  let line = lines.get(name)
  if (line === undefined) lines.set(name, (line = new RegExp(`\\r\\n${name}: *([^\\r]*)`, 'i')))
  return line.exec(head)?.[1] ?? ''
}

const lastChunk = Buffer.from('\r\n0\r\n\r\n')

const isWhole = (status: number, head: string, body: Buffer): boolean => {
  if (status === 304 || status === 204) return true
  const length = headerOf(head, 'content-length')
  if (length !== '') return body.length >= Number(length)
  return body.equals(lastChunk.subarray(2)) || body.subarray(-lastChunk.length).equals(lastChunk)
}
