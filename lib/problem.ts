import { STATUS_CODES } from 'node:http'
import type { Answer } from './answer.ts'
import { retryAfterSeconds } from './unavailable.ts'

export const problemType = 'application/problem+json'

/** What went wrong with a request, in words for who sent it. */
export interface Problem {
  readonly status: number
  /** Which value was wrong and what was expected. */
  readonly detail: string
  /** The path and query it happened at. */
  readonly instance: string
}

/** How much of a client's own text is repeated in an answer. */
const echoCharsMax = 200

/** The body of a problem (RFC 9457). It shows nothing but what the client sent or may know. */
export const problemBody = ({ status, detail, instance }: Problem): Buffer =>
  Buffer.from(
    JSON.stringify({
      type: 'about:blank',
      title: STATUS_CODES[status] ?? 'Error',
      status,
      detail,
      instance: shorten(instance),
    }),
  )

/** A problem as an answer that no cache keeps. */
export const problemAnswer = (problem: Problem, headers?: Record<string, string>): Answer => {
  const body = problemBody(problem)
  return {
    status: problem.status,
    headers: {
      'content-type': problemType,
      'content-length': String(body.length),
      'cache-control': 'no-store',
      ...headers,
    },
    body,
  }
}

/** 503: says when to come back. */
export const unavailableAnswer = (detail: string, instance: string): Answer =>
  problemAnswer({ status: 503, detail, instance }, { 'retry-after': String(retryAfterSeconds) })

/** A client's text as it may stand in a message: quoted, and cut when it is long. */
export const quote = (text: string): string => JSON.stringify(shorten(text))

const shorten = (text: string): string =>
  text.length > echoCharsMax ? `${text.slice(0, echoCharsMax)}…` : text
