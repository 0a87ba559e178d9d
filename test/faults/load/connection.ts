import { connect } from 'node:net'
import { type Answer, createAnswerReader, headerOf } from './answer-reader.ts'

/** One connection of a client, made for few microseconds a request: node:http would be the bottleneck of a spike. */
export interface Connection {
  /** Sends a request; one at a time. Told undefined when the connection broke before the answer was whole. */
  readonly ask: (request: string, onEnd: (answer: Answer | undefined) => void) => void
  /** Whether another request may be sent on it. */
  readonly isUsable: () => boolean
  /** Whether an answer has come on it before, so that its end may only mean that it was idle for too long. */
  readonly hasServed: () => boolean
  readonly close: () => void
}

export const openConnection = (
  origin: { readonly hostname: string; readonly port: number },
  answerMsMax: number,
): Connection => {
  const socket = connect({ host: origin.hostname, port: origin.port, noDelay: true })
  const reader = createAnswerReader()
  let isUsable = true
  let answers = 0
  let onEnd: ((answer: Answer | undefined) => void) | undefined

  const end = (answer: Answer | undefined) => {
    const told = onEnd
    onEnd = undefined
    told?.(answer)
  }
  const lose = () => {
    isUsable = false
    socket.destroy()
    end(undefined)
  }
  socket.on('data', (chunk) => {
    const answer = reader.read(chunk)
    if (answer === undefined) return
    answers += 1
    if (headerOf(answer.head, 'connection') === 'close') {
      isUsable = false
      socket.destroy()
    }
    end(answer)
  })
  socket.on('error', lose)
  socket.on('close', lose)
  // Silence ends it only while it is asked something.
  socket.setTimeout(answerMsMax, () => {
    if (onEnd !== undefined) lose()
  })
  return {
    ask: (request, callback) => {
      onEnd = callback
      if (isUsable) socket.write(request, 'latin1')
      else end(undefined)
    },
    isUsable: () => isUsable,
    hasServed: () => answers > 0 && !reader.hasBegun(),
    close: () => socket.destroy(),
  }
}
