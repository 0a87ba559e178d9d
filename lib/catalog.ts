import type { PoolClient, QueryConfig } from 'pg'
import { createBatch, type ReadMany, type ReadOne } from './batch.ts'
import { type ListPage, type PageRow, pagesOf, pagesText, pagesValues } from './list-page.ts'
import type { ListParameters } from './parameters.ts'
import type { RunRead } from './run-read.ts'

/** Reads finished documents of the live release. Every read rejects with an UnavailableError when it cannot be done in time. */
export interface Catalog {
  /** The answer of /products/:product_id; undefined when there is no such product, as with the next two. */
  readonly product: ReadDocument
  /** The answer of /products/:product_id/styles. */
  readonly styles: ReadDocument
  /** The answer of /products/:product_id/related. */
  readonly related: ReadDocument
  /** The answer of /products for one page; `[]` past the end. */
  readonly page: ReadOne<ListParameters, ListPage>
}

export type ReadDocument = ReadOne<number, string | undefined>

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

/** How many rows a statement of pages walks through, about; a page that takes more has a statement of its own. */
const walkedRowsMax = 300

/** A page begins at the anchor before it, and anchors stand 64 apart. */
const skippedRowsMean = 32

export const createCatalog = (options: CatalogOptions): Catalog => {
  const { runRead, batchIdsMax, waitingMax, onBatch } = options
  const batchOf = (name: DocumentName) =>
    createBatch<number, string | undefined>({
      runRead,
      rowsOf: () => 1,
      rowsMax: batchIdsMax,
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
    page: createBatch({
      runRead,
      rowsOf: ({ count }) => count + skippedRowsMean,
      rowsMax: walkedRowsMax,
      waitingMax,
      readMany: readPages,
    }),
  }
}

const readDocuments = async (
  name: DocumentName,
  client: PoolClient,
  release: number,
  ids: readonly number[],
): Promise<readonly (string | undefined)[]> => {
  const query = {
    name: `${name}_${release}`,
    text: documentsText(name, release),
    values: [`{${ids.join(',')}}`],
  }
  const texts = new Map(await takeRows<[number, string]>(client, query))
  return ids.map((id) => texts.get(id))
}

/** Reads documents by product id, `$1` an int[]. A release is an int from the pointer, so it may stand in the text. */
export const documentsText = (name: DocumentName, release: number): string => {
  const { text, table } = documents[name]
  return `select product_id, ${text} from release_${release}.${table} where product_id = any($1::int[])`
}

const readPages: ReadMany<ListParameters, ListPage> = async (client, release, pages) => {
  const query = { name: `pages_${release}`, text: pagesText(release), values: pagesValues(pages) }
  return pagesOf(await takeRows<PageRow>(client, query), pages)
}

/**
 * The driver's result lives on after its query until the old space is collected. With its rows taken out it does not keep
 * their texts: at 4,000 cold requests a second each collection of the young ones moved 1.24 MB of dead text, now 0.05.
 */
const takeRows = async <R extends unknown[]>(
  client: PoolClient,
  query: QueryConfig,
): Promise<R[]> => {
  const { rows } = await client.query<R>({ ...query, rowMode: 'array' })
  return rows.splice(0)
}
