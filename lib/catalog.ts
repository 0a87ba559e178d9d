import type { PoolClient } from 'pg'
import { createBatch, type ReadOne, type ReadText } from './batch.ts'
import type { Loan } from './lending.ts'
import { type PageRow, pageText, pageValues } from './list-page.ts'
import type { PageRange } from './outdated.ts'
import type { RunRead } from './run-read.ts'

/** Reads finished documents of the live release. Every read rejects with an UnavailableError when it cannot be done in time. */
export interface Catalog {
  /** The answer of /products/:product_id. */
  readonly product: ReadOne
  /** The answer of /products/:product_id/styles. */
  readonly styles: ReadOne
  /** The answer of /products/:product_id/related. */
  readonly related: ReadOne
  /** The answer of /products for one page; `[]` past the end. */
  readonly page: (page: number, count: number) => Promise<PageText>
}

/** A page is always there, if only as `[]`. */
export interface PageText extends ReadText {
  readonly text: string
  readonly range: PageRange
}

export interface CatalogOptions {
  readonly runRead: RunRead
  readonly batchIdsMax: number
  readonly waitingMax: number
  /** Told how many ids each statement asked for. */
  readonly onBatch: (ids: number) => void
}

/** What is read by product id: a name for its prepared statement, the text to read and the table that has it. */
const documents = {
  product: {
    text: `left(item, -1) || ',"features":' || features || '}'`,
    table: 'product_document',
  },
  styles: { text: 'body', table: 'styles_document' },
  related: { text: 'body', table: 'related_document' },
} as const

export type DocumentName = keyof typeof documents

export const createCatalog = ({
  runRead,
  batchIdsMax,
  waitingMax,
  onBatch,
}: CatalogOptions): Catalog => {
  const batchOf = (name: DocumentName) =>
    createBatch({
      runRead,
      idsMax: batchIdsMax,
      waitingMax,
      readMany: (client, release, ids) => {
        onBatch(ids.length)
        return readDocuments(name, client, release, ids)
      },
    })
  return {
    product: batchOf('product'),
    styles: batchOf('styles'),
    related: batchOf('related'),
    page: (page, count) => runRead((loan) => readPage(loan, page, count)),
  }
}

const readDocuments = async (
  name: DocumentName,
  client: PoolClient,
  release: number,
  ids: readonly number[],
): Promise<ReadonlyMap<number, string>> => {
  const { rows } = await client.query<[number, string]>({
    name: `${name}_${release}`,
    text: documentsText(name, release),
    values: [`{${ids.join(',')}}`],
    rowMode: 'array',
  })
  return new Map(rows)
}

/** Reads documents by product id, `$1` an int[]. A release is an int from the pointer, so it may stand in the text. */
export const documentsText = (name: DocumentName, release: number): string => {
  const { text, table } = documents[name]
  return `select product_id, ${text} from release_${release}.${table} where product_id = any($1::int[])`
}

const readPage = async (
  { client, release, database }: Loan,
  page: number,
  count: number,
): Promise<PageText> => {
  const { rows } = await client.query<PageRow>({
    name: `page_${release}`,
    text: pageText(release),
    values: pageValues(page, count),
    rowMode: 'array',
  })
  const [first, last] = [rows[0], rows.at(-1)]
  return {
    release,
    database,
    text: `[${rows.map(([, item]) => item).join(',')}]`,
    range: {
      ids: first && last && [first[0], last[0]],
      isFull: rows.length === count,
    },
  }
}
