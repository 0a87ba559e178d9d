import { describe, expect, it } from 'vitest'
import { createBatch } from '../../lib/batch.ts'
import type { Loan } from '../../lib/lending.ts'

/** A batch that asks for as many rows as its keys say, and what its statements asked for. */
const batchOf = (rowsMax: number, waitingMax = 100) => {
  const statements: (readonly number[])[] = []
  const read = createBatch<number, string>({
    runRead: (job) => job({ release: 1 } as Loan),
    readMany: (_, __, keys) => {
      statements.push(keys)
      return keys.includes(13)
        ? Promise.reject(new Error('no 13'))
        : Promise.resolve(keys.map((key) => `${key} rows`))
    },
    rowsOf: (key) => key,
    rowsMax,
    waitingMax,
  })
  return { read, statements }
}

describe('keys asked for in the same moment', () => {
  it('share a statement up to its rows, in the order in which they came, and each gets its own', async () => {
    const { read, statements } = batchOf(10)

    const reads = await Promise.all([3, 5, 2, 1, 9, 4].map(read))

    expect(statements).toEqual([[3, 5, 2], [1, 9], [4]])
    expect(reads.map(({ value }) => value)).toEqual([3, 5, 2, 1, 9, 4].map((key) => `${key} rows`))
  })

  it('that ask for more rows than a statement has are read alone', async () => {
    const { read, statements } = batchOf(10)

    await Promise.all([1, 25, 2].map(read))

    expect(statements).toEqual([[1], [25], [2]])
  })

  it('fail with those of their statement and not with the others', async () => {
    const { read, statements } = batchOf(20)

    const reads = await Promise.allSettled([13, 4, 9, 8].map(read))

    expect(statements).toEqual([
      [13, 4],
      [9, 8],
    ])
    expect(reads.map(({ status }) => status)).toEqual([
      'rejected',
      'rejected',
      'fulfilled',
      'fulfilled',
    ])
  })

  it('are refused when too many wait', async () => {
    const { read } = batchOf(10, 2)

    const reads = await Promise.allSettled([1, 2, 3].map(read))

    expect(reads).toMatchObject([
      { status: 'fulfilled' },
      { status: 'fulfilled' },
      { reason: { message: 'too many reads are waiting' } },
    ])
  })
})
