import type { IncomingMessage } from 'node:http'
import type { Answer } from './answer.ts'
import { allowedMethods } from './outcomes.ts'
import { problemAnswer } from './problem.ts'

/** Longer request targets are refused; no route comes near it. */
const urlCharsMax = 2048

/** For what is not HTTP as RFC 9112 has it, though its head could be read. */
export const malformedAnswer: Answer = problemAnswer({
  status: 400,
  detail: 'request: expected a path and a valid Host header',
  instance: '/',
})

/** The answer to requests that no app is asked about; undefined for all others. */
export const refusal = (request: IncomingMessage): Answer | undefined => {
  const { method, url = '' } = request
  if (url.length > urlCharsMax) return uriTooLong(url)
  if (!hasValidHost(request)) return malformedAnswer
  if (url === '*' && method === 'OPTIONS') {
    return { status: 204, headers: { allow: allowedMethods }, body: null }
  }
  return undefined
}

/** A name or an address, and perhaps a port (RFC 9110, 7.2). Empty is valid: for targets that have no authority. */
const hostPattern = /^(?:[\w.~!$&'()*+,;=%-]*|\[[\da-f:.]+\])(?::\d*)?$/i

/** Whether the request names its host as RFC 9112 (3.2) wants it; HTTP/1.0 need not. */
export const hasValidHost = ({ headers: { host }, httpVersion }: IncomingMessage): boolean =>
  host === undefined ? httpVersion === '1.0' : hostPattern.test(host)

const uriTooLong = (url: string): Answer =>
  problemAnswer({
    status: 414,
    detail: `request: expected a target of at most ${urlCharsMax} characters, came ${url.length}`,
    instance: url,
  })
