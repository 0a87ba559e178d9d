import { pino } from 'pino'
import type { Config } from './config.ts'

export type Log = pino.Logger

/** How much log may wait in memory when nobody takes it off; more is dropped rather than held. */
const logBytesMax = 1024 * 1024

/** JSON lines on standard output. Writing never blocks the event loop; what is left is written at exit. */
export const createLog = (level: Config['logLevel']): Log =>
  pino(
    { level, base: { pid: process.pid }, timestamp: pino.stdTimeFunctions.isoTime },
    pino.destination({ dest: 1, sync: false, maxLength: logBytesMax }),
  )
