// The process of a load: asks when requests are due, whatever becomes of those before, and tells every outcome.
import { setTimeout as sleep } from 'node:timers/promises'
import { type Answer, headerOf } from './answer-reader.ts'
import { createConnections } from './connections.ts'
import { createClientMemory } from './memory.ts'
import { createMix, type Drawn, seededRandom } from './mix.ts'
import { type Outcome, wallMs } from './outcome.ts'
import type { LoadOrder, LoadPlan } from './plan.ts'
import type { LoadReport } from './report.ts'

const reportMs = 100
const tickMs = 1
const encodings = ['', 'gzip', 'br'] as const

let stopped = false
let perSecond = 0

process.on('message', (order: LoadOrder) => {
  if ('begin' in order) void run(order.begin)
  else if ('perSecond' in order) perSecond = order.perSecond
  else stopped = true
})
// Without the run that started it there is nobody to tell.
process.on('disconnect', () => process.exit(0))

async function run(plan: LoadPlan) {
  perSecond = plan.perSecond
  const client = createClient(plan)
  const reporting = setInterval(() => report(client), reportMs)
  let dueMs = wallMs()
  while (!stopped) {
    const nowMs = wallMs()
    for (; dueMs <= nowMs; dueMs += 1000 / perSecond) client.send(dueMs)
    await sleep(tickMs)
  }
  while (client.oldestDueMs() < Infinity) await sleep(reportMs)
  clearInterval(reporting)
  report(client)
  client.close()
  process.disconnect()
}

function report(client: ReturnType<typeof createClient>) {
  const outcomes = client.takeOutcomes()
  const message: LoadReport = {
    outcomes,
    completeUntilMs: Math.min(wallMs(), client.oldestDueMs()),
  }
  process.send?.(message)
}

function createClient(plan: LoadPlan) {
  const connections = createConnections(plan.origin)
  const memory = createClientMemory()
  const draw = createMix(plan, seededRandom(1))
  const read = createOutcomeReader(plan)
  const requestOf = createRequests(plan, memory.tagOf)
  // In the order in which they were due, as a Set keeps them.
  const underWay = new Set<{ readonly dueMs: number }>()
  let outcomes: Outcome[] = []

  const send = (dueMs: number) => {
    const drawn = draw()
    const { target } = drawn
    const sent = { dueMs, lateMs: wallMs() - dueMs, isWarm: memory.isWarm(target) }
    underWay.add(sent)
    connections.ask(requestOf(drawn), (answer) => {
      underWay.delete(sent)
      if (answer !== undefined) memory.note(target, answer)
      outcomes.push({ ...read(drawn, answer), ...sent, tookMs: wallMs() - dueMs })
    })
  }
  return {
    send,
    oldestDueMs: () => underWay.values().next().value?.dueMs ?? Infinity,
    takeOutcomes: () => {
      const taken = outcomes
      outcomes = []
      return taken
    },
    close: connections.close,
  }
}

/** Each target is asked for in one encoding, as one kind of client does. */
function createRequests(plan: LoadPlan, tagOf: (target: string) => string | undefined) {
  const encodingOf = (target: string) =>
    plan.markers.length > 0 ? '' : (encodings[target.length % encodings.length] ?? '')
  return ({ target, isConditional }: Drawn): string => {
    const encoding = encodingOf(target)
    const tag = isConditional ? tagOf(target) : undefined
    return (
      `GET ${target} HTTP/1.1\r\nhost: shop.test\r\n` +
      (encoding === '' ? '' : `accept-encoding: ${encoding}\r\n`) +
      (tag === undefined ? '\r\n' : `if-none-match: ${tag}\r\n\r\n`)
    )
  }
}

function createOutcomeReader({ targets, markers }: LoadPlan) {
  const missing = new Set(targets.missing)
  const marksOf = (body: Buffer) =>
    markers.reduce((marks, text, bit) => (body.includes(text) ? marks | (1 << bit) : marks), 0)
  return ({ target, kind }: Drawn, answer: Answer | undefined) => {
    const { status, head, body } = answer ?? { status: 0, head: '', body: Buffer.alloc(0) }
    return {
      target,
      kind,
      status,
      isRight: (status === 404) === missing.has(target),
      release: Number(headerOf(head, 'x-catalog-release')),
      isStale: /; ttl=-/.test(headerOf(head, 'cache-status')),
      hasRetryAfter: headerOf(head, 'retry-after') !== '',
      markers: marksOf(body),
    }
  }
}
