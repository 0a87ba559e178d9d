import { createHash } from 'node:crypto'
import { readFileSync, readdirSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Client } from 'pg'
import { randomStream } from '../random.ts'
import { type BenchPostgres, databaseUrlOf, withClient } from './postgres.ts'
import { runToEnd } from './run-to-end.ts'
import { shuffled } from './shuffle.ts'
import { warmDatabase } from './warm-database.ts'

/** A published catalogue, and what the bench must know of it. */
export interface Catalogue {
  /** What was asked for; a few products fewer may have survived the import. */
  readonly products: number
  /** For the service, which finds the live release by itself. */
  readonly databaseUrl: string
  /** For the peers, which know nothing of releases: the live one's tables stand in the search path. */
  readonly releaseUrl: string
  /** Every product id, the most popular first; popularity has nothing to do with the id. */
  readonly byPopularity: Int32Array
  /** The product whose styles document is nearest to the mean in size: the one that stands for all. */
  readonly typicalId: number
}

const seed = 1

/** The catalogue of that size in a database of its own; generates and imports it when it is not there yet. */
export const openCatalogue = async (
  postgres: BenchPostgres,
  products: number,
  say: (text: string) => void,
): Promise<Catalogue> => {
  const name = `product_overview_bench_${products}`
  const databaseUrl = databaseUrlOf(postgres.url, name)
  if (!(await isThere(postgres, name))) {
    say(`importing a catalogue of ${products} products into ${name} (once)`)
    await fillDatabase(postgres, name, products)
  }
  return withClient(databaseUrl, async (client) => {
    const schema = await liveSchema(client)
    await warmDatabase(client, schema, say)
    return readCatalogue(client, { databaseUrl, products, schema })
  })
}

// The comment says by which tables and documents the catalogue was made: a changed schema is imported anew.
const isThere = async (postgres: BenchPostgres, name: string) =>
  withClient(postgres.url, async (client) => {
    const { rows } = await client.query<{ comment: string | null }>(
      `select shobj_description(oid, 'pg_database') as comment from pg_database where datname = $1`,
      [name],
    )
    return rows[0]?.comment === schemaDigest()
  })

const schemaDigest = () => {
  const files = readdirSync('etl').filter((file) => file.endsWith('.sql'))
  const digest = createHash('sha256')
  for (const file of files.toSorted()) digest.update(readFileSync(join('etl', file)))
  return `etl/*.sql ${digest.digest('hex').slice(0, 16)}`
}

const fillDatabase = async (postgres: BenchPostgres, name: string, products: number) => {
  const databaseUrl = databaseUrlOf(postgres.url, name)
  const directory = join('.data', 'bench', `catalogue-${products}`)
  const etl = (...args: string[]) =>
    runToEnd(process.execPath, ['dist/etl.js', ...args], { DATABASE_URL: databaseUrl })
  await etl('generate', `--products=${products}`, `--seed=${seed}`, `--out=${directory}`)
  await withClient(postgres.url, async (client) => {
    await client.query(`drop database if exists "${name}" with (force)`)
    await client.query(`create database "${name}"`)
  })
  await etl('import', directory, `--rejects=${directory}/rejects`)
  await rm(directory, { recursive: true })
  await settle(databaseUrl)
  await withClient(postgres.url, (client) =>
    client.query(`comment on database "${name}" is '${schemaDigest()}'`),
  )
}

// Otherwise autovacuum and the checkpoint of the import would run during somebody's round.
const settle = (databaseUrl: string) =>
  withClient(databaseUrl, async (client) => {
    await client.query('vacuum (analyze)')
    await client.query('checkpoint')
  })

const liveSchema = async (client: Client) => {
  const { rows } = await client.query<{ release: number }>('select release from catalog.live')
  return `release_${rows[0]?.release}`
}

const readCatalogue = async (
  client: Client,
  { databaseUrl, products, schema }: { databaseUrl: string; products: number; schema: string },
): Promise<Catalogue> => {
  const releaseUrl = new URL(databaseUrl)
  releaseUrl.searchParams.set('options', `-c search_path=${schema}`)
  await client.query(`set search_path = ${schema}`)
  return {
    products,
    databaseUrl,
    // As %20: the drivers do not read a plus sign as a blank.
    releaseUrl: releaseUrl.href.replaceAll('+', '%20'),
    byPopularity: shuffled(await readIds(client), randomStream(seed, 0)),
    typicalId: await readTypicalId(client),
  }
}

const readIds = async (client: Client) => {
  const { rows } = await client.query<{ ids: number[] }>(
    'select array_agg(product_id order by product_id) as ids from product_document',
  )
  return Int32Array.from(rows[0]?.ids ?? [])
}

// Of the first ten thousand, which spares a walk over all documents; they are alike in size.
const readTypicalId = async (client: Client) => {
  const { rows } = await client.query<{ product_id: number }>(
    `with sample as (
       select product_id, length(body) as size from styles_document order by product_id limit 10000
     )
     select product_id from sample
     order by abs(size - (select avg(size) from sample)), product_id limit 1`,
  )
  const id = rows[0]?.product_id
  if (id === undefined) throw new Error('expected products in the catalogue, there are none')
  return id
}
