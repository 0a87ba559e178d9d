import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { digestRelease } from '../../etl/digest.ts'
import { importCatalogue } from '../../etl/import.ts'
import type { SourceFileName } from '../../etl/source-files.ts'
import { createDatabase, type TestDatabase } from '../database.ts'
import { catalogueFolder, smallRows } from './catalogue-folder.ts'
import { withoutPermission } from './reading.ts'
import { schemas } from './release-state.ts'

let database: TestDatabase
let client: Client
/** As the contract writes them. */
let usual: string

beforeAll(async () => {
  database = await createDatabase()
  client = new Client({ connectionString: database.url })
  await client.connect()
  usual = await catalogueFolder(smallRows(50))
})

afterAll(async () => {
  await client.end()
  await database.drop()
  await rm(usual, { recursive: true })
})

const importFrom = (dir: string) =>
  importCatalogue({ databaseUrl: database.url, dir, rejectsDir: null })

type Change = (bytes: Buffer) => Buffer

/** A folder of the usual files, one of them changed, for the time of `use`. */
const withChanged = async (
  name: SourceFileName,
  change: Change,
  use: (dir: string, path: string) => Promise<void>,
): Promise<void> => {
  const dir = await catalogueFolder(smallRows(50))
  const path = join(dir, name)
  await writeFile(path, change(await readFile(path)))
  try {
    await use(dir, path)
  } finally {
    await rm(dir, { recursive: true })
  }
}

const onText =
  (change: (text: string) => string): Change =>
  (bytes) =>
    Buffer.from(change(bytes.toString()))

/** How many releases were ever begun. */
const begun = async (): Promise<number> => {
  const { rows } = await client.query<{ releases: number }>(
    'select count(*)::int as releases from catalog.release',
  )
  return rows[0]!.releases
}

describe('files that are written otherwise', () => {
  it.each<[string, SourceFileName, Change]>([
    ['with a byte order mark', 'product.csv', onText((text) => `\ufeff${text}`)],
    ['with CRLF', 'skus.csv', onText((text) => text.replaceAll('\n', '\r\n'))],
    ['with CRLF here and LF there', 'skus.csv', onText((text) => text.replace(/\n(?=1)/g, '\r\n'))],
    ['without the last line end', 'related.csv', onText((text) => text.trimEnd())],
    [
      'with the other names of columns',
      'styles.csv',
      onText((text) => text.replace('productId', 'product_id')),
    ],
    [
      'with blanks around the names',
      'photos.csv',
      onText((text) => text.replace('id,styleId', ' id , style_id\t')),
    ],
    ['with blank lines', 'features.csv', onText((text) => text.replaceAll('\n', '\n\n'))],
  ])('%s are the same catalogue', (_, name, change) =>
    withChanged(name, change, async (dir) => {
      const [expected, { release, files }] = [await importFrom(usual), await importFrom(dir)]

      expect(files[name]).toMatchObject({ lines: files[name].loaded, rejected: 0 })
      expect(await digestRelease(client, release)).toEqual(
        await digestRelease(client, expected.release),
      )
    }),
  )

  it('compressed are the same catalogue', () =>
    withChanged('photos.csv', gzipSync, async (dir, path) => {
      await writeFile(`${path}.gz`, await readFile(path))
      await rm(path)
      const [expected, { release }] = [await importFrom(usual), await importFrom(dir)]

      expect(await digestRelease(client, release)).toEqual(
        await digestRelease(client, expected.release),
      )
    }))
})

describe('files that cannot be imported', () => {
  it.each<[string, SourceFileName, Change, RegExp]>([
    [
      'empty',
      'skus.csv',
      () => Buffer.alloc(0),
      /skus\.csv: the file is empty, it lacks even a header/,
    ],
    [
      'of another header',
      'skus.csv',
      onText((text) => text.replace(',quantity', ',stock')),
      /skus\.csv: expected the header line id,styleId .*,size,quantity but found "id,styleId,size,stock"/,
    ],
    [
      'without a header',
      'related.csv',
      onText((text) => text.slice(text.indexOf('\n') + 1)),
      /related\.csv: expected the header line .* but found "2,2,1"/,
    ],
    [
      'UTF-16',
      'styles.csv',
      (bytes) => Buffer.from(bytes.toString(), 'utf16le'),
      /styles\.csv: .*UTF-8, not UTF-16/,
    ],
    [
      'compressed but named plain',
      'photos.csv',
      gzipSync,
      /photos\.csv: .*such a file is to end in \.csv\.gz/,
    ],
    [
      'without a product',
      'product.csv',
      onText((text) => text.slice(0, text.indexOf('\n') + 1)),
      /product\.csv gave no product/,
    ],
  ])('%s, say so', (_, name, change, message) =>
    withChanged(name, change, async (dir) => {
      const work = importFrom(dir).then(({ refusals }) => Promise.reject(new Error(refusals[0])))

      await expect(work).rejects.toThrow(message)
      const { there, expected } = await schemas(client)
      expect(there).toEqual(expected)
    }),
  )

  it('because of their header are noticed before the rows of any are loaded', () =>
    withChanged(
      'related.csv',
      onText((text) => text.replace('related_', '')),
      async (dir) => {
        const before = await begun()

        await expect(importFrom(dir)).rejects.toThrow('expected the header line')
        expect(await begun()).toBe(before)
      },
    ))

  it('because one is missing, say which', () =>
    withChanged(
      'skus.csv',
      (bytes) => bytes,
      async (dir, path) => {
        await rm(path)

        await expect(importFrom(dir)).rejects.toThrow(`${dir}: skus.csv (or .csv.gz) missing`)
      },
    ))

  it('because their folder is not there or is closed, say so', () =>
    withChanged(
      'skus.csv',
      (bytes) => bytes,
      async (dir) => {
        const [nowhere, closed] = [join(dir, 'nowhere'), join(dir, 'closed')]
        await mkdir(closed)
        await chmod(dir, 0o755)

        await expect(importFrom(nowhere)).rejects.toThrow(`${nowhere}: there is no such folder`)
        await withoutPermission(closed, () =>
          expect(importFrom(closed)).rejects.toThrow(`${closed}: no permission to read it`),
        )
      },
    ))

  it('because one is closed, say which', () =>
    withChanged(
      'skus.csv',
      (bytes) => bytes,
      (dir, path) =>
        withoutPermission(path, () =>
          expect(importFrom(dir)).rejects.toThrow(`${path}: no permission to read it`),
        ),
    ))

  it('because the database has another encoding, say how to make one', async () => {
    const name = `test_latin1_${process.pid}`
    await client.query(`create database ${name} template template0 encoding 'LATIN1' locale 'C'`)
    const url = new URL(database.url)
    url.pathname = `/${name}`

    await expect(
      importCatalogue({ databaseUrl: url.href, dir: usual, rejectsDir: null }),
    ).rejects.toThrow(/expected the encoding UTF8, it has LATIN1.*create database/)
    await client.query(`drop database ${name}`)
  })

  it('because they are Latin-1, reject each row that shows it and are refused', () =>
    withChanged(
      'product.csv',
      onText((text) => text.replaceAll('Cap', 'Mütze')),
      async (dir, path) => {
        await writeFile(path, Buffer.from(await readFile(path, 'utf8'), 'latin1'))
        const { files, refusals, published } = await importFrom(dir)

        expect(files['product.csv'].rejectedBy).toEqual({ 'invalid UTF-8': 50 })
        expect(refusals[0]).toMatch('product.csv')
        expect(published).toBe(false)
      },
    ))
})
