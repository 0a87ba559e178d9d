import { once } from 'node:events'
import type { Server } from 'node:http'
import { Server as NetServer } from 'node:net'
import { setImmediate as nextRound, setTimeout as sleep } from 'node:timers/promises'
import type { Services } from './services.ts'

export interface DrainLimits {
  /** How long /readyz says no before the server stops listening. */
  readonly drainNoticeMs: number
  /** How long requests under way may then take. */
  readonly drainMs: number
}

/** Who was let in at the last moment has this long to say what it wants; a request follows its connection at once. */
const lastRequestMs = 50

/** Closing a connection to a database that is frozen would wait for ever. */
const closeMs = 500

/**
 * Ends a server without failing a request: first /readyz says no and every answer closes its connection, while all is still
 * answered; then no new connection is taken and what is under way may end. Returns in bounded time. New connections are taken until
 * then though the socket may be inherited: they would wait in it for the next process, and need not wait for the notice.
 */
export const drain = async (
  server: Server,
  services: Services,
  { drainNoticeMs, drainMs }: DrainLimits,
): Promise<void> => {
  services.isDraining = true
  await sleep(drainNoticeMs)
  const closed = once(server, 'close')
  // Not the close() of HTTP, which closes idle connections in the same moment: since Node 26 also those that have not asked yet.
  NetServer.prototype.close.call(server)
  await Promise.race([closed, sleep(lastRequestMs)])
  // What came while the event loop was busy is read first: unread, its connections would count as idle and be reset.
  await nextRound()
  server.closeIdleConnections()
  await Promise.race([closed, sleep(drainMs)])
  server.closeAllConnections()
  await Promise.race([services.close(), sleep(closeMs)])
}
