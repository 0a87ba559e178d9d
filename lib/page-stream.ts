import Cursor from 'pg-cursor'
import type { Attempts } from './attempts.ts'
import { beforeDeadline } from './before-deadline.ts'
import type { Loan } from './lending.ts'
import { pageText, pageValues } from './list-page.ts'

/** A large page as it comes from the database, never held as a whole. */
export interface PageStream {
  readonly release: number
  readonly first: Buffer
  /** What comes after the first. It fails, rather than ends, when not all could be read; whoever takes no more must return() it. */
  readonly rest: AsyncGenerator<Buffer, void>
}

/** Opens a page; rejects like any read when its first rows do not come in time. */
export type OpenPage = (page: number, count: number) => Promise<PageStream>

export interface PageStreamLimits {
  /** How long the database may take for each chunk. */
  readonly readMs: number
  /** How long the client may take nothing before its connection to the database is taken back. */
  readonly stallMs: number
}

/** Some 40 kB: enough to keep the socket busy, little enough that hundreds of readers do not matter. */
const rowsPerChunk = 100

export const createOpenPage =
  (attempts: Attempts, limits: PageStreamLimits): OpenPage =>
  (page, count) =>
    attempts(async (loan) => {
      const rest = readChunks(loan, page, count, limits)
      const first = await rest.next()
      return { release: loan.release, first: first.value ?? Buffer.from('[]'), rest }
    })

// Left before its end, by a failure or by return(), it closes the connection instead of the cursor: closing a cursor waits for
// an answer that a broken connection never gives.
async function* readChunks(
  loan: Loan,
  page: number,
  count: number,
  { readMs, stallMs }: PageStreamLimits,
): AsyncGenerator<Buffer, void> {
  const cursor = loan.client.query(
    new Cursor<[string]>(pageText(loan.release), pageValues(page, count), { rowMode: 'array' }),
  )
  try {
    let opening = '['
    for (let isLast = false; !isLast;) {
      const rows = await beforeDeadline(cursor.read(rowsPerChunk), performance.now() + readMs)
      isLast = rows.length < rowsPerChunk
      const items = rows.map(([item]) => item).join(',')
      // The connection is free before the client has taken the end.
      if (isLast) loan.end()
      const stall = setTimeout(() => loan.end(new Error('the client took nothing')), stallMs)
      yield Buffer.from(
        `${items === '' && opening === ',' ? '' : opening}${items}${isLast ? ']' : ''}`,
      )
      clearTimeout(stall)
      opening = ','
    }
  } finally {
    loan.end(new Error('the page was not read to its end'))
  }
}
