import { appendFile, mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { importCatalogue } from '../../etl/import.ts'
import { patchCatalogue } from '../../etl/patch.ts'
import { createDatabase, type TestDatabase } from '../database.ts'
import { catalogueFolder, smallRows } from './catalogue-folder.ts'
import { withoutPermission } from './reading.ts'

/** So many that an index is cheaper than going through a table. */
const products = 700

let database: TestDatabase
let client: Client
let release: number
let rejectsDir: string

beforeAll(async () => {
  database = await createDatabase()
  const rows = smallRows(products)
  rows['photos.csv'][0] = '1,1,"https://x.example/1"broken","https://x.example/t1"'
  const dir = await catalogueFolder(rows)
  await appendFile(
    join(dir, 'skus.csv'),
    Buffer.from('8001,1,"Größe",1\n8002,2,"Größe",1\n', 'latin1'),
  )
  rejectsDir = join(dir, 'rejects')
  const summary = await importCatalogue({ databaseUrl: database.url, dir, rejectsDir })
  release = summary.release
  client = new Client({ connectionString: database.url })
  await client.connect()
})

afterAll(async () => {
  await client.end()
  await database.drop()
})

async function patchFolder(files: Record<string, readonly string[] | Buffer>): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'product-overview-patch-test-'))
  for (const [name, lines] of Object.entries(files)) {
    await writeFile(join(dir, name), Buffer.isBuffer(lines) ? lines : lines.join('\n'))
  }
  return dir
}

const patch = (dir: string) => patchCatalogue({ databaseUrl: database.url, dir })

const stylesOf = async (id: number) => {
  const { rows } = await client.query<{ body: string }>(
    `select body from release_${release}.styles_document where product_id = $1`,
    [id],
  )
  return rows[0] && JSON.parse(rows[0].body)
}

describe('a patch', () => {
  it('inserts, updates and leaves alone, and notes only what changed', async () => {
    const dir = await patchFolder({
      'skus.csv': ['id,styleId,size,quantity', '5,5,"M",99', '6,6,"M",6', '9000,7,"XL",1'],
    })
    const { files } = await patch(dir)

    expect(files['skus.csv']).toMatchObject({
      lines: 3,
      inserted: 1,
      updated: 1,
      unchanged: 1,
      rejected: 0,
    })
    expect(await stylesOf(5)).toMatchObject({
      results: [{ skus: { 5: { quantity: 99, size: 'M' } } }],
    })
    expect(await stylesOf(7)).toMatchObject({
      results: [{ skus: { 9000: { quantity: 1, size: 'XL' } } }],
    })
    const { rows } = await client.query<{ ids: number[] }>(
      'select array_agg(distinct product) as ids from catalog.change, unnest(product_ids) as product',
    )
    expect(rows[0]?.ids).toEqual([5, 7])
  })

  it('adds a product with all its parts at once', async () => {
    const dir = await patchFolder({
      'product.csv': [
        'id,name,slogan,description,category,default_price',
        '777,"New","","","Hats",5',
      ],
      'styles.csv': [
        'id,productId,name,sale_price,original_price,default_style',
        '888,777,"Red",null,5,1',
      ],
      'photos.csv': ['id,styleId,url,thumbnail_url', '999,888,"https://n","https://n"'],
    })

    await patch(dir)

    expect(await stylesOf(777)).toMatchObject({
      results: [{ style_id: 888, photos: [{ url: 'https://n' }] }],
    })
  })

  it('takes a reject file whose lines were mended', async () => {
    const text = await readFile(join(rejectsDir, 'photos.csv'), 'utf8')
    const dir = await patchFolder({ 'photos.csv': [text.replace('""broken', '')] })

    const { files } = await patch(dir)

    expect(files['photos.csv']).toMatchObject({ lines: 1, inserted: 1, rejected: 0 })
    expect(await stylesOf(1)).toMatchObject({
      results: [{ photos: [{ url: 'https://x.example/1' }] }],
    })
  })

  it('rejects once more what nobody mended: bytes that are no UTF-8 are not loaded as \\xNN', async () => {
    const text = await readFile(join(rejectsDir, 'skus.csv'), 'utf8')
    const dir = await patchFolder({
      'skus.csv.gz': gzipSync(text.replace('8001,1,""Gr\\xf6\\xdfe', '8001,1,""Größe')),
    })

    const { files } = await patch(dir)

    expect(files['skus.csv']).toMatchObject({
      inserted: 1,
      rejectedBy: { 'invalid UTF-8': 1 },
    })
    expect(await stylesOf(1)).toMatchObject({
      results: [{ skus: { 8001: { quantity: 1, size: 'Größe' } } }],
    })
  })

  it('rejects what an import would reject and applies the rest', async () => {
    const dir = await patchFolder({
      'styles.csv': [
        'id,productId,name,sale_price,original_price,default_style',
        '1000,5,"Good",null,5,0',
        '1001,54321,"Orphan",null,5,0',
        '1002,5,"Dear",null,cheap,0',
      ],
    })

    const { files } = await patch(dir)

    expect(files['styles.csv']).toMatchObject({
      inserted: 1,
      rejected: 2,
      rejectedBy: { orphan: 1, price: 1 },
    })
    expect(await readFile(join(dir, 'rejects', 'styles.csv'), 'utf8')).toMatch(
      /"styles.csv",3,.*"productId","orphan","1001/,
    )
  })

  it('is all or nothing when a file cannot be read', async () => {
    const dir = await patchFolder({
      'product.csv': [
        'id,name,slogan,description,category,default_price',
        '5,"Other","","","Hats",5',
      ],
      'skus.csv': ['id;styleId;size;quantity'],
    })

    await expect(patch(dir)).rejects.toThrow(/skus\.csv/)

    const { rows } = await client.query(`select name from release_${release}.product where id = 5`)
    expect(rows).toEqual([{ name: 'Cap 5' }])
  })

  it('of nothing says what was expected', async () => {
    const dir = await patchFolder({ 'notes.txt': ['x'] })

    await expect(patch(dir)).rejects.toThrow(
      /nothing to apply: expected one or more of product\.csv/,
    )
  })

  it('says which file is there twice and which one is closed', async () => {
    const header = ['id,styleId,size,quantity']
    const twice = await patchFolder({ 'skus.csv': header, 'skus.csv.gz': gzipSync(header[0]!) })
    const closed = await patchFolder({ 'skus.csv': header })

    await expect(patch(twice)).rejects.toThrow('skus.csv and skus.csv.gz are both there')
    await withoutPermission(join(closed, 'skus.csv'), () =>
      expect(patch(closed)).rejects.toThrow(`${closed}/skus.csv: no permission to read it`),
    )
    await expect(patch(join(closed, 'nowhere'))).rejects.toThrow('there is no such folder')
  })

  it('costs what its rows cost: it goes through no table of the release', async () => {
    const dir = await patchFolder({
      'skus.csv': ['id,styleId,size,quantity', '15,15,"M",99'],
      'photos.csv': ['id,styleId,url,thumbnail_url', '16,16,"https://n","https://n"'],
    })
    const before = await usage()

    await patch(dir)

    // A session tells what it did when it ends.
    await expect.poll(async () => (await usage()).updated).toBe(before.updated + 2)
    expect((await usage()).passed).toBe(before.passed)
  })
})

/** Of the tables of rows: how many were updated, and how many were read by going through a whole table. */
const usage = async () => {
  const { rows } = await client.query<{ updated: number; passed: number }>(
    `select sum(n_tup_upd)::int as updated, sum(seq_tup_read)::int as passed from pg_stat_user_tables
     where schemaname = $1 and relname not like '%document'`,
    [`release_${release}`],
  )
  return rows[0]!
}
