import type { HostileRequest } from '../deploy/hostile-requests.ts'
import { sendRaw } from '../deploy/raw-http.ts'

/** Statuses past 499 that a request may bring upon itself: a method or a version that nobody knows. */
const oddStatuses = new Set([501, 505])

/** What a problem must not tell of what is behind it. */
const inside =
  /nginx\/|\bnode\b|\.[cm]?[jt]s\b|postgres|127\.0\.0\.1|stack|\bat \/|\/(?:work|tmp|etc)\//i

const metricPrefix = 'product_overview_'

/** Who is sent hostile requests. */
export interface Victim {
  readonly port: number
  /** Whether everybody may read /metrics there. */
  readonly hasMetrics: boolean
}

/** What a hostile request did to the server that it was sent to; empty when no harm. Slow ones send a byte every `betweenMs`. */
export const harmOf = async (
  { port, hasMetrics }: Victim,
  { what, bytes }: HostileRequest,
  betweenMs = 0,
): Promise<readonly string[]> => {
  const pieces = betweenMs === 0 ? [bytes] : bytes.split('')
  const answer = await sendRaw(port, pieces, betweenMs)
  const statuses = [...answer.text.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, text]) => Number(text))
  const failed = statuses.filter((status) => status >= 500 && !oddStatuses.has(status))
  const told = answer.status >= 400 ? toldOf(answer.body, bytes) : undefined
  const name = JSON.stringify(what.slice(0, 80))
  return [
    ...failed.map((status) => `${name} was answered ${status}`),
    ...(!hasMetrics && answer.text.includes(metricPrefix) ? [`${name} was shown the metrics`] : []),
    ...(told === undefined ? [] : [`${name} was told ${told}`]),
  ]
}

/** What a body says that the request did not say itself: a problem repeats the value that was wrong. */
const toldOf = (body: string, request: string): string | undefined => {
  const words = body.match(new RegExp(inside, 'gi')) ?? []
  const said = `${request}${request.replaceAll('%2f', '/')}`.toLowerCase()
  return words.find((word) => !said.includes(word.toLowerCase()))
}
