import { type Database, isMissingRelation } from './database.ts'
import type { Poll } from './poll.ts'

/** Asks one database again and again what it shows. */
export interface DatabaseWatch {
  /** Asks now rather than when it is due; settles when the database has answered or failed. */
  readonly askNow: () => Promise<void>
  readonly stop: () => void
}

export interface DatabaseWatchEvents {
  /** The database answers; undefined when it holds no catalogue. */
  readonly onAnswer: (poll: Poll | undefined) => void
  readonly onFailure: (error: unknown) => void
}

const retryMsMin = 50
const retryMsMax = 1000

/** Starts with the first `askNow()`. A database that fails is asked again soon, then less often, at least once a second. */
export const watchDatabase = (
  database: Database,
  pollMs: number,
  { onAnswer, onFailure }: DatabaseWatchEvents,
): DatabaseWatch => {
  let timer: NodeJS.Timeout | undefined
  let asking: Promise<void> | undefined
  let failures = 0
  let stopped = false

  const ask = async () => {
    try {
      const answer = await poll(database, failures === 0)
      failures = 0
      if (!stopped) onAnswer(answer)
    } catch (error) {
      failures += 1
      if (!stopped) onFailure(error)
    }
    asking = undefined
    if (!stopped)
      timer = setTimeout(() => void askNow(), failures === 0 ? pollMs : retryMs(failures))
  }
  const askNow = () => {
    clearTimeout(timer)
    asking ??= ask()
    return asking
  }
  return {
    askNow,
    stop: () => {
      stopped = true
      clearTimeout(timer)
    },
  }
}

const poll = async (database: Database, mayAskAgain: boolean): Promise<Poll | undefined> => {
  try {
    return await database.poll()
  } catch (error) {
    if (isMissingRelation(error)) return undefined
    if (mayAskAgain && !isTimeout(error)) return poll(database, false)
    throw error
  }
}

// A session that was ended says little about the server; it is asked again on a new one. A server that is silent stays so.
const isTimeout = (error: unknown): boolean =>
  error instanceof Error && /timeout/.test(error.message)

const retryMs = (failures: number): number => Math.min(retryMsMin * 2 ** (failures - 1), retryMsMax)
