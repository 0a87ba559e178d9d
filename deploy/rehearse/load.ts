import { Agent, get } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'

// load.ts URL PER_SECOND: asks at a steady pace until SIGTERM, hot and cold products, styles, related ids and lists; then prints
// what it saw as JSON (LoadResult in under-load.ts). A request counts from when it was due, not from when it was sent.
const [url = '', perSecond = ''] = process.argv.slice(2)
const intervalMs = 1000 / Number(perSecond)
const answerMsMax = 5000
const notesKept = 20

const agent = new Agent({ keepAlive: true, maxSockets: 64 })
const counts: Record<string, number> = {}
const failures: string[] = []
const resends: string[] = []
let worstMs = 0
let resent = 0
let asked = 0
let running = true
process.on('SIGTERM', () => {
  running = false
})

const began = performance.now()
while (running) {
  const dueMs = began + asked * intervalMs
  const waitMs = dueMs - performance.now()
  if (waitMs > 0) await sleep(waitMs)
  ask(pathOf(asked), dueMs)
  asked += 1
}
await sleep(answerMsMax)
agent.destroy()
const seen = { asked, counts, failures, resent, resends, worstMs: Math.round(worstMs) }
console.log(JSON.stringify(seen))

/** The same order in every run: half of it the ten best sellers, the rest all over the catalogue and beyond. */
function pathOf(turn: number): string {
  const id = turn % 2 === 0 ? (turn % 20) + 1 : ((turn * 7919) % 1050) + 1
  const kinds = [`/products/${id}`, `/products/${id}/styles`, `/products/${id}/related`]
  return turn % 10 === 9 ? `/products?page=${(turn % 50) + 1}&count=10` : (kinds[turn % 3] ?? '/')
}

/** Asks, and files what came. */
function ask(path: string, dueMs: number, isRetry = false): void {
  let connection = 'a new connection'
  const end = (outcome: string) =>
    file(`${path} on ${connection}`, outcome, performance.now() - dueMs)
  const options = { agent: isRetry ? false : agent, timeout: answerMsMax }
  const request = get(new URL(path, url), options, (response) => {
    response.resume()
    response.on('end', () => end(`${response.statusCode}`))
    response.on('error', (error) => end(error.message))
  })
  request.on('socket', ({ localPort }) => {
    if (request.reusedSocket) connection = `the kept connection from port ${localPort}`
  })
  request.on('timeout', () => request.destroy(new Error('no answer in time')))
  request.on('error', (error: NodeJS.ErrnoException) => {
    // A kept connection that the server closed in the same moment, as NGINX does at each reload: every browser sends
    // such a GET again on a new one (RFC 9110, 9.2.2). On a fresh connection it is a failure.
    if (!request.reusedSocket || error.code !== 'ECONNRESET' || isRetry) return end(error.message)
    resent += 1
    note(resends, `${path} on ${connection}`)
    return ask(path, dueMs, true)
  })
}

function file(what: string, outcome: string, tookMs: number): void {
  worstMs = Math.max(worstMs, tookMs)
  const good = /^(?:200|304|404)$/.test(outcome) && tookMs <= answerMsMax
  const counted = good || !/^\d/.test(outcome) ? outcome : `bad ${outcome}`
  counts[counted] = (counts[counted] ?? 0) + 1
  if (!good) note(failures, `${what}: ${outcome} after ${Math.round(tookMs)} ms`)
}

/** With the time of day, to be found in the logs of the others. */
function note(notes: string[], what: string): void {
  if (notes.length < notesKept) notes.push(`${new Date().toISOString()} ${what}`)
}
