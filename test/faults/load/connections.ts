import type { Answer } from './answer-reader.ts'
import { type Connection, openConnection } from './connection.ts'

/** As many as a few thousand visitors of a shop keep open; who comes when all are busy waits for one, and that counts. */
const connectionsMax = 1024
/** Nobody waits for a page for longer. */
const answerMsMax = 10_000

/** Told of an answer, or that there is none, and how long the request waited for a free connection. */
type OnAnswer = (answer: Answer | undefined, waitedMs: number) => void

interface Waiting {
  readonly request: string
  readonly onAnswer: OnAnswer
  readonly since: number
}

/** Connections that are kept alive and used again, the one that was used last first, as browsers do. */
export const createConnections = (origin: string) => {
  const { hostname, port } = new URL(origin)
  const address = { hostname, port: Number(port) }
  const idle: Connection[] = []
  const waiting: Waiting[] = []
  let open = 0

  const take = (): Connection | undefined => {
    for (let kept = idle.pop(); kept !== undefined; kept = idle.pop()) {
      if (kept.isUsable()) return kept
      open -= 1
    }
    if (open >= connectionsMax) return undefined
    open += 1
    return openConnection(address, answerMsMax)
  }
  const giveBack = (connection: Connection) => {
    if (connection.isUsable()) idle.push(connection)
    else open -= 1
    const next = waiting.shift()
    if (next !== undefined) ask(next.request, next.onAnswer, next.since)
  }
  const ask = (request: string, onAnswer: OnAnswer, since = performance.now()) => {
    const connection = take()
    if (connection === undefined) {
      waiting.push({ request, onAnswer, since })
      return
    }
    const waitedMs = performance.now() - since
    const wasKept = connection.hasServed()
    connection.ask(request, (answer) => {
      // A kept connection that was closed under a GET says nothing: it is sent again, as every client does.
      const isSentAgain = answer === undefined && wasKept && connection.hasServed()
      giveBack(connection)
      if (isSentAgain) ask(request, onAnswer, since)
      else onAnswer(answer, waitedMs)
    })
  }
  return {
    ask: (request: string, onAnswer: OnAnswer) => ask(request, onAnswer),
    close: () => {
      for (const connection of idle) connection.close()
    },
  }
}
