import { describe, expect, it } from 'vitest'
import { classifyReadFailure } from '../../lib/read-failure.ts'
import { UnavailableError } from '../../lib/unavailable.ts'

const withCode = (code: string) => Object.assign(new Error('failed'), { code })

describe('classifyReadFailure', () => {
  it.each([
    '08006',
    '57P01',
    '57P03',
    '53300',
    '28P01',
    '3D000',
    '40001',
    'ECONNREFUSED',
    'ECONNRESET',
    'EPIPE',
  ])('%s: the connection went away', (code) => {
    expect(classifyReadFailure(withCode(code))).toBe('gone')
  })

  it.each(['42P01', '3F000'])('%s: the release went away', (code) => {
    expect(classifyReadFailure(withCode(code))).toBe('gone')
  })

  it.each([
    'Connection terminated',
    'Connection terminated unexpectedly',
    'Client has encountered a connection error and is not queryable',
  ])('the driver says %j', (message) => {
    expect(classifyReadFailure(new Error(message))).toBe('gone')
  })

  it.each(['timeout expired', 'Connection terminated due to connection timeout'])(
    'the driver says %j: connecting is slow',
    (message) => {
      expect(classifyReadFailure(new Error(message))).toBe('slow')
    },
  )

  it('a statement or a read that ran out of time is slow', () => {
    expect(classifyReadFailure(withCode('57014'))).toBe('slow')
    expect(classifyReadFailure(new UnavailableError())).toBe('slow')
  })

  it.each([
    withCode('22003'),
    withCode('42601'),
    withCode('ERR_INVALID_ARG_TYPE'),
    new TypeError('x'),
    'text',
  ])('everything else is a mistake of ours: %s', (error) => {
    expect(classifyReadFailure(error)).toBe('bug')
  })
})
