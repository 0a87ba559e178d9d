import { mkdtemp, readFile, rm, truncate } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { generateCatalogue } from '../../etl/generate.ts'
import { type ImportOptions, importCatalogue } from '../../etl/import.ts'
import { liveRelease } from '../../etl/publish.ts'
import { sourceFiles } from '../../etl/source-files.ts'
import { createDatabase, type TestDatabase } from '../database.ts'
import { catalogueFolder, smallRows } from './catalogue-folder.ts'

let database: TestDatabase
let client: Client
let rejectsDir: string

beforeAll(async () => {
  database = await createDatabase()
  client = new Client({ connectionString: database.url })
  await client.connect()
  rejectsDir = await mkdtemp(join(tmpdir(), 'product-overview-rejects-'))
})

afterAll(async () => {
  await client.end()
  await database.drop()
  await rm(rejectsDir, { recursive: true })
})

const importFrom = (dir: string, options: Partial<ImportOptions> = {}) =>
  importCatalogue({ databaseUrl: database.url, dir, rejectsDir, ...options })

const releases = async () => {
  const { rows } = await client.query<{ id: number; state: string }>(
    "select id, state from catalog.release where state <> 'dropped' order by id",
  )
  return rows
}

const schemas = async () => {
  const { rows } = await client.query<{ name: string }>(
    "select nspname as name from pg_namespace where nspname like 'release\\_%' order by 1",
  )
  return rows.map(({ name }) => name)
}

describe('an import', () => {
  it('makes of a damaged catalogue exactly what its manifest foretells', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'product-overview-generated-'))
    const manifest = await generateCatalogue({ products: 300, seed: 7, outDir: dir })

    const summary = await importFrom(dir)

    for (const { name } of sourceFiles) {
      const { lines, loaded, repaired, rejected, bytes } = summary.files[name]
      expect({ name, lines, loaded, repaired, rejected, bytes }).toEqual({
        name,
        ...manifest.files[name],
      })
      expect(await rejectsOf(name)).toEqual(foretold(manifest.damages, name))
    }
    await rm(dir, { recursive: true })
  })

  it('answers in file order where the contract says so, and by id elsewhere', async () => {
    const dir = await catalogueFolder({
      'product.csv': ['2,"B","","","Hats",2', '1,"A","","","Hats",1'],
      'features.csv': ['9,1,"late id first","x"', '3,1,"early id last",null'],
      'styles.csv': ['8,1,"second",0,"1,299",0', '7,1,"first","$5.5",10,1'],
      'photos.csv': ['5,7,"https://a","https://a"', '4,7,"https://b","uhttps://b"'],
      'skus.csv': ['12,7,"S", 11', '10,7,"S",0'],
      'related.csv': ['2,1,2', '1,1,1', '3,1,2', '4,1,0', '5,1,99'],
    })

    const { release } = await importFrom(dir, { gates: { shrinkShareMax: 1 } })

    const styles = await client.query<{ body: string }>(
      `select body from release_${release}.styles_document where product_id = 1`,
    )
    expect(JSON.parse(styles.rows[0]?.body ?? '')).toEqual({
      product_id: '1',
      results: [
        {
          style_id: 7,
          name: 'first',
          original_price: '10.00',
          sale_price: '5.50',
          'default?': true,
          photos: [
            { thumbnail_url: 'https://a', url: 'https://a' },
            { thumbnail_url: 'https://b', url: 'https://b' },
          ],
          skus: { 10: { quantity: 0, size: 'S' }, 12: { quantity: 11, size: 'S' } },
        },
        {
          style_id: 8,
          name: 'second',
          original_price: '1299.00',
          sale_price: null,
          'default?': false,
          photos: [{ thumbnail_url: null, url: null }],
          skus: { null: { quantity: null, size: null } },
        },
      ],
    })
    const others = await client.query<{ features: string; related: string }>(
      `select features, r.body as related from release_${release}.product_document
       join release_${release}.related_document r using (product_id) where product_id = 1`,
    )
    expect(others.rows[0]).toEqual({
      features:
        '[{"feature":"late id first","value":"x"},{"feature":"early id last","value":null}]',
      related: '[2,1,2]',
    })
  })

  it('that fails leaves the live release and no trace', async () => {
    const dir = await catalogueFolder(smallRows(30))
    const { release } = await importFrom(dir, { gates: { shrinkShareMax: 1 } })
    const before = { live: release, releases: await releases(), schemas: await schemas() }
    await truncate(join(dir, 'skus.csv'), 0)

    await expect(importFrom(dir)).rejects.toThrow(/skus\.csv: the file is empty/)

    expect({
      live: await liveRelease(client),
      releases: await releases(),
      schemas: await schemas(),
    }).toEqual(before)
  })

  it('that is interrupted leaves the live release and no trace', async () => {
    const dir = await catalogueFolder(smallRows(3000))
    const before = { live: await liveRelease(client), schemas: await schemas() }
    const controller = new AbortController()
    const importing = importFrom(dir, {
      signal: controller.signal,
      progress: {
        begin: (name) => {
          if (name === 'documents') controller.abort(new Error('stopped'))
          return { advance: () => {}, end: () => {} }
        },
        note: () => {},
        close: () => {},
      },
    })

    await expect(importing).rejects.toThrow('stopped')

    expect({ live: await liveRelease(client), schemas: await schemas() }).toEqual(before)
  })

  it('never writes rejected rows over the source files', async () => {
    const dir = await catalogueFolder(smallRows(30))
    const before = await readFile(join(dir, 'product.csv'))

    await expect(importFrom(dir, { rejectsDir: dir })).rejects.toThrow(/choose another folder/)

    expect(await readFile(join(dir, 'product.csv'))).toEqual(before)
  })

  it('waits for nobody: a second one says who holds the lock', async () => {
    const dir = await catalogueFolder(smallRows(10))
    const holder = new Client({ connectionString: database.url, application_name: 'the other one' })
    await holder.connect()
    await holder.query('select pg_advisory_lock(7369327, 1685414772)')

    await expect(importFrom(dir)).rejects.toThrow(/another import holds the lock.*the other one/)

    await holder.end()
  })
})

async function rejectsOf(name: string) {
  const rows = parse<Record<string, string>>(await readFile(join(rejectsDir, name)), {
    columns: true,
  })
  return rows.map(({ line, column, reason }) => ({ line: Number(line), column, reason }))
}

function foretold(
  damages: readonly {
    file: string
    line: number
    column: string
    outcome: string
    reason: string
  }[],
  name: string,
) {
  return damages
    .filter(({ file, outcome }) => file === name && outcome === 'rejected')
    .map(({ line, column, reason }) => ({ line, column, reason }))
    .toSorted((a, b) => a.line - b.line)
}
