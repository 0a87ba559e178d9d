import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Answer, ReadyAnswer } from './answer.ts'

/** Sends an answer on a bare connection, in one write; without its body for HEAD. */
export const sendAnswer = (
  request: IncomingMessage,
  response: ServerResponse,
  { status, headers, body }: Answer | ReadyAnswer,
): void => {
  response.writeHead(status, headers)
  response.end(request.method === 'HEAD' ? null : body)
}
