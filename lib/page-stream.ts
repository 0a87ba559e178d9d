import Cursor from 'pg-cursor'
import type { Attempts } from './attempts.ts'
import { beforeDeadline } from './before-deadline.ts'
import type { Loan } from './lending.ts'
import { type PageRow, pagesText, pagesValues } from './list-page.ts'
import type { ListVersion } from './poll.ts'

/** A large page as it comes from the database, never held as a whole. */
export interface PageStream {
  /** The release that is read, and how far its list had changed when the reading began, or less. */
  readonly list: ListVersion
  readonly first: Buffer
  /** What comes after the first. It fails, rather than ends, when not all could be read; whoever takes no more must return() it. */
  readonly rest: AsyncGenerator<Buffer, void>
}

/** Opens a page; rejects like any read when its first rows do not come in time. */
export type OpenPage = (page: number, count: number) => Promise<PageStream>

/** Some 40 kB: enough to keep the socket busy, little enough that hundreds of readers do not matter. */
const rowsPerChunk = 100

export interface PageStreamOptions {
  readonly attempts: Attempts
  /** How long the database may take for each chunk. */
  readonly readMs: number
  /** How long a page may keep its connection, whether or not its client is seen to go. */
  readonly streamMs: number
}

export const createOpenPage =
  ({ attempts, ...limits }: PageStreamOptions): OpenPage =>
  (page, count) =>
    attempts(async (loan) => {
      const list = listOf(loan)
      const rest = readChunks(loan, page, count, limits)
      const first = await rest.next()
      return { list, first: first.value ?? Buffer.from('[]'), rest }
    })

/** As the database showed it before the reading: what it showed meanwhile may not be in the page. */
const listOf = ({ database: { list }, release }: Loan): ListVersion =>
  list?.release === release ? list : { release, began: 0, changes: 0, idSum: 0 }

// Left before its end, by a failure or by return(), it closes the connection instead of the cursor: closing a cursor waits for
// an answer that a broken connection never gives.
async function* readChunks(
  loan: Loan,
  page: number,
  count: number,
  { readMs, streamMs }: Omit<PageStreamOptions, 'attempts'>,
): AsyncGenerator<Buffer, void> {
  const cursor = loan.client.query(
    new Cursor<PageRow>(pagesText(loan.release), pagesValues([{ page, count }]), {
      rowMode: 'array',
    }),
  )
  const expiry = setTimeout(() => loan.end(new Error('the page took too long')), streamMs)
  try {
    let opening = '['
    let isLast = false
    while (!isLast) {
      const rows = await beforeDeadline(cursor.read(rowsPerChunk), performance.now() + readMs)
      isLast = rows.length < rowsPerChunk
      const items = rows.map(([, , item]) => item).join(',')
      // The connection is free before the client has taken the end.
      if (isLast) loan.end()
      yield Buffer.from(
        `${items === '' && opening === ',' ? '' : opening}${items}${isLast ? ']' : ''}`,
      )
      opening = ','
    }
  } finally {
    clearTimeout(expiry)
    loan.end(new Error('the page was not read to its end'))
  }
}
