import { DatabaseError } from 'pg'
import { EtlError } from '../etl-error.ts'

/** Says what went wrong, with a stack only where the fault is ours, and gives the exit code. */
export function reportFailure(error: unknown): number {
  if (error instanceof EtlError) {
    console.error(`etl: ${error.message}`)
    return error.exitCode
  }
  if (error instanceof DatabaseError) {
    console.error(`etl: the database answered: ${error.message} (${error.code}${where(error)})`)
    return 1
  }
  console.error('etl: failed:', error)
  return 1
}

const where = ({ table, detail }: DatabaseError) =>
  (table === undefined ? '' : `, table ${table}`) + (detail === undefined ? '' : `, ${detail}`)
