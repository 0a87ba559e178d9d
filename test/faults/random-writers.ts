import * as fc from 'fast-check'
import { Client } from 'pg'
import { setTimeout as sleep } from 'node:timers/promises'

const statementsCount = 500
const pauseMs = 20

/** Ids of products, styles and skus that are written to. */
export interface WrittenIds {
  /** Products that exist at first, whose rows change; they may go and come back. */
  readonly products: readonly number[]
  /** Ids of products that do not exist at first. */
  readonly absent: readonly number[]
}

/** Writers that change the live release at random through the views, until told to stop. */
export interface RandomWriters {
  /** Ends them and gives how many transactions were committed. */
  readonly stop: () => Promise<number>
}

/** Starts some, each on a connection of its own. */
export const startWriters = (url: string, ids: WrittenIds, count: number): RandomWriters => {
  const over = new AbortController()
  const statements = fc.sample(writesOf(ids), statementsCount)
  const writing = Array.from({ length: count }, (_, writer) =>
    write(
      url,
      statements.filter((_each, turn) => turn % count === writer),
      over.signal,
    ),
  )
  return {
    stop: async () => {
      over.abort()
      return (await Promise.all(writing)).reduce((sum, committed) => sum + committed, 0)
    },
  }
}

const write = async (url: string, statements: readonly string[], over: AbortSignal) => {
  const client = new Client(url)
  await client.connect()
  let committed = 0
  for (let turn = 0; !over.aborted; turn += 1) {
    // What another writer made impossible leaves no trace.
    await client.query(statements[turn % statements.length] ?? '').then(
      () => (committed += 1),
      () => client.query('rollback'),
    )
    await sleep(pauseMs)
  }
  await client.end()
  return committed
}

const writesOf = ({ products, absent }: WrittenIds): fc.Arbitrary<string> => {
  const product = fc.constantFrom(...products)
  const any = fc.constantFrom(...products, ...absent)
  const ofProduct = (id: number) =>
    `style_id in (select id from catalog.style where product_id = ${id})`
  return fc.oneof(
    product.map((id) => `update catalog.sku set quantity = quantity + 1 where ${ofProduct(id)}`),
    product.map((id) => `update catalog.photo set url = url || 'x' where ${ofProduct(id)}`),
    product.map(
      (id) =>
        `update catalog.product set default_price = default_price + 1 where id between ${id} and ${id + 9}`,
    ),
    product.map((id) => `update catalog.feature set value = value || '.' where product_id = ${id}`),
    product.map((id) => `delete from catalog.related where current_product_id = ${id}`),
    any.map((id) => `delete from catalog.product where id = ${id}`),
    any.map((id) => `insert into catalog.product values (${id}, 'N', 'S', 'D', 'C', 1)`),
    any.map(
      (id) => `insert into catalog.style
        select coalesce(max(id), 0) + 1, ${id}, 'N', null, 1, false from catalog.style`,
    ),
    fc.tuple(product, any).map(
      ([from, to]) => `insert into catalog.related
        select coalesce(max(id), 0) + 1, ${from}, ${to} from catalog.related`,
    ),
    // Committed later than others that began after it.
    any.map(
      (
        id,
      ) => `begin; update catalog.style set name = 'T' where product_id = ${id}; select pg_sleep(0.3);
        update catalog.product set name = name || 'T' where id = ${id}; commit`,
    ),
  )
}
