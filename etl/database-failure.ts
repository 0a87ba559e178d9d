import { DatabaseError } from 'pg'
import { EtlError } from './etl-error.ts'

/**
 * A failure that the operator can mend on the database's side (its connection is gone, its disk is full, somebody holds
 * a lock) as an `EtlError` that says what to do; anything else comes back as it is. Codes:
 * https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
export function explainDatabaseFailure(error: unknown): unknown {
  if (error instanceof EtlError || !(error instanceof Error)) return error
  const { code = '', message } = error as NodeJS.ErrnoException
  if (isLoss(code, message)) return connectionLost(message, error)
  const what = error instanceof DatabaseError ? mendable[code] : undefined
  return what === undefined ? error : new EtlError(what(message), { cause: error })
}

/** What is said when a connection has ended while it was needed. */
export function connectionLost(reason: string, cause?: unknown): EtlError {
  return new EtlError(
    `the connection to the database was lost (${reason}). ${nothingChanged}; when the database answers again, run ` +
      'the same command again: it removes what this one has left',
    { cause },
  )
}

/** Whether a statement gave up because another transaction held a lock for longer than `lock_timeout`. */
export const isLockTimeout = (error: unknown): boolean =>
  error instanceof DatabaseError && error.code === lockNotAvailable

const lockNotAvailable = '55P03'

const nothingChanged =
  'Nothing that is not whole was published, readers go on (`etl releases` says with what)'

const mendable: Readonly<Record<string, (message: string) => string>> = {
  53100: (message) =>
    `the disk of the database is full (${message}). ${nothingChanged}; free space there or add some, then run the ` +
    'same command again',
  25006: (message) =>
    `the database takes no writes (${message}): is its URL that of a replica? The primary takes them`,
  [lockNotAvailable]: (message) =>
    `another transaction held for too long what this command needs (${message}). Look for it in pg_stat_activity, ` +
    'then run the same command again',
}

// 57P01 an administrator, 57P02 a crash of another backend, 57P03 starting or stopping; class 08 the connection itself.
const isLoss = (code: string, message: string) =>
  /^(57P0[123]|08...|ECONNRESET|ECONNREFUSED|EPIPE)$/.test(code) || driverLoss.test(message)

/** What the driver says, without a code, when it notices first. */
const driverLoss =
  /^Connection terminated|^Client has encountered a connection error|^Client was closed|^This socket has been ended/
