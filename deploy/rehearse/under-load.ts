import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { root } from './folder.ts'
import { logsSince } from './logs-since.ts'
import type { Site } from './site.ts'

/** What a load saw: statuses (or errors) with their counts, and the longest that a request took from when it was due. */
export interface LoadResult {
  readonly asked: number
  readonly counts: Readonly<Record<string, number>>
  readonly failures: readonly string[]
  /** GETs that met a kept connection which NGINX was closing, and were sent again on a new one; and the first of them. */
  readonly resent: number
  readonly resends: readonly string[]
  readonly worstMs: number
}

/** Two cores carry the whole deployment here, and NGINX allows a client 100: it is the answers that count, not their number. */
const perSecond = 80
const settleMs = 2000

/**
 * Asks NGINX from where clients stand while something else goes on. Throws when a single GET failed, with the phase in which it
 * did and what NGINX and the instances logged meanwhile.
 */
export async function underLoad(
  site: Site,
  phase: string,
  work: () => Promise<void>,
): Promise<LoadResult> {
  const { network, machines } = site
  const began = Date.now()
  const load = spawn('ip', [
    ...['netns', 'exec', network.client.name, process.execPath, '--import', 'tsx'],
    ...[join(root, 'deploy/rehearse/load.ts'), `http://${machines.nginx.address}`, `${perSecond}`],
  ])
  let output = ''
  load.stdout.setEncoding('utf8').on('data', (chunk: string) => (output += chunk))
  load.stderr.setEncoding('utf8').on('data', (chunk: string) => (output += chunk))
  try {
    await sleep(settleMs)
    await work()
    await sleep(settleMs)
  } finally {
    load.kill('SIGTERM')
    await once(load, 'exit')
  }
  const result = JSON.parse(output) as LoadResult
  for (const resend of result.resends) console.log(`  sent again during the ${phase}: ${resend}`)
  if (result.failures.length === 0) return result
  const logs = await logsSince(site, began)
  throw new Error(`failed GETs during the ${phase}: ${result.failures.join('; ')}\n${logs}`)
}

/** One line of what a load saw. */
export const summary = ({ asked, counts, resent, worstMs }: LoadResult) =>
  `${asked} GETs, 0 failed (${Object.entries(counts)
    .map(([status, count]) => `${count} × ${status}`)
    .join(', ')}; ${resent} sent again), the slowest ${worstMs} ms`
