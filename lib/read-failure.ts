import { isMissingRelation } from './database.ts'
import { UnavailableError } from './unavailable.ts'

/** Why a read failed, as far as it matters to what is done about it. */
export type ReadFailure =
  /** The connection, the server or the release went away: another attempt may succeed. */
  | 'gone'
  /** The database did not answer in time: another attempt would only add to its load, or wait for nothing. */
  | 'slow'
  /** A mistake of ours. */
  | 'bug'

/**
 * Codes that say nothing about the statement. SQLSTATEs: connection exceptions, refused logins, missing databases, lack
 * of resources, shutdowns and restarts, conflicts of a standby with what it replays. System errors: ECONNREFUSED and its kin.
 */
const goneCodes = /^(08|28|3D|53|57P|40001|40P01|E(?!RR_)[A-Z_]+$)/
const statementTimeoutState = '57014'

/** What the driver itself says, without a code, when connecting takes too long, and when a connection is lost. */
const driverTimeouts = /timeout/
const driverLosses =
  /^(Connection terminated|Client has encountered a connection error|Client was closed)/

/** Tells a lost connection from a slow database from a mistake. */
export const classifyReadFailure = (error: unknown): ReadFailure => {
  if (!(error instanceof Error)) return 'bug'
  const code = 'code' in error ? String(error.code) : ''
  if (error instanceof UnavailableError || code === statementTimeoutState) return 'slow'
  if (isMissingRelation(error) || goneCodes.test(code)) return 'gone'
  if (code === '' && driverTimeouts.test(error.message)) return 'slow'
  return driverLosses.test(error.message) ? 'gone' : 'bug'
}
