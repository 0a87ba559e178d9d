import { DatabaseError } from 'pg'
import { describe, expect, it } from 'vitest'
import { explainDatabaseFailure } from '../../etl/database-failure.ts'
import { EtlError } from '../../etl/etl-error.ts'

const answered = (code: string, message: string) =>
  Object.assign(new DatabaseError(message, message.length, 'error'), { code })

const failed = (code: string, message: string) => Object.assign(new Error(message), { code })

describe('a failure of the database', () => {
  it.each<[Error, RegExp]>([
    [
      answered('57P01', 'terminating connection due to administrator command'),
      /connection to the database was lost \(terminating .*\).*run the same command again/,
    ],
    [answered('57P02', 'crash of another server process'), /connection to the database was lost/],
    [failed('ECONNRESET', 'read ECONNRESET'), /connection to the database was lost \(read ECONN/],
    [new Error('Connection terminated unexpectedly'), /connection to the database was lost/],
    [
      answered('53100', 'could not extend file "base/1/2": No space left on device'),
      /the disk of the database is full \(could not extend .*\).*free space there/,
    ],
    [
      answered('25006', 'cannot execute CREATE SCHEMA in a read-only transaction'),
      /takes no writes \(cannot execute .*\): is its URL that of a replica\?/,
    ],
    [
      answered('55P03', 'canceling statement due to lock timeout'),
      /another transaction held for too long .*pg_stat_activity/,
    ],
  ])('%s says what to do, and keeps its cause', (error, message) => {
    const explained = explainDatabaseFailure(error)

    expect(explained).toBeInstanceOf(EtlError)
    expect((explained as EtlError).message).toMatch(message)
    expect((explained as EtlError).cause).toBe(error)
  })

  it.each([
    answered('42P01', 'relation "release_1.product" does not exist'),
    new EtlError('product.csv: the file is empty'),
    failed('ENOENT', 'no such file or directory'),
    new TypeError('x is not a function'),
  ])('that is none of these stays as it is: %s', (error) => {
    expect(explainDatabaseFailure(error)).toBe(error)
  })
})
