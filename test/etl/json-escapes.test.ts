import { rm } from 'node:fs/promises'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { importCatalogue } from '../../etl/import.ts'
import { JsonEscapes } from '../../etl/json-escapes.ts'
import { sqlText } from '../../etl/sql.ts'
import { createDatabase, type TestDatabase } from '../database.ts'
import { catalogueFolder, smallRows } from './catalogue-folder.ts'

const foundIn = (...chunks: readonly string[]): boolean => {
  const escapes = new JsonEscapes()
  for (const chunk of chunks) escapes.look(Buffer.from(chunk))
  return escapes.found
}

describe('a string that JSON has to escape', () => {
  it('is found for every character that JSON writes otherwise, and for no other', () => {
    const characters = Array.from({ length: 0x180 }, (_, code) => String.fromCharCode(code))
    const asCsv = (text: string) => `1,"x${text.replace('"', '""')}y"\n`
    // A line feed ends a row of COPY text: the reader lets none into a field.
    const wrong = characters.filter(
      (character) =>
        character !== '\n' &&
        foundIn(asCsv(character)) !== (JSON.stringify(character) !== `"${character}"`),
    )

    expect(wrong).toEqual([])
  })

  it('is found at every place of a text, wherever that lies in memory', () => {
    const memory = Buffer.alloc(64, 'a')
    const missed: string[] = []
    for (let from = 0; from < 8; from++) {
      for (let at = from; at < 40; at++) {
        const chunk = Buffer.from(memory)
        chunk[at] = 9
        const escapes = new JsonEscapes()
        escapes.look(chunk.subarray(from, 40))
        if (!escapes.found) missed.push(`${at} from ${from}`)
      }
    }

    expect(missed).toEqual([])
  })

  it('is found wherever the text is cut, and not forgotten', () => {
    const text = '1,"a ""fine"" hem"\n2,"b"\n'
    const cuts = Array.from({ length: text.length }, (_, at) => [text.slice(0, at), text.slice(at)])

    expect(cuts.filter((chunks) => !foundIn(...chunks))).toEqual([])
  })
})

describe('the documents of an import', () => {
  it('have the strings in their text that may be put in as they are', () => {
    const strings = [...sqlText('documents').matchAll(/to_json\(([hk]\.\w+)\)/g)]

    expect(strings.map(([, column]) => column)).toEqual(['h.thumbnail_url', 'h.url', 'k.size'])
  })

  let database: TestDatabase
  let client: Client

  beforeAll(async () => {
    database = await createDatabase()
    client = new Client({ connectionString: database.url })
    await client.connect()
  })
  afterAll(async () => {
    await client.end()
    await database.drop()
  })

  it.each([
    ['urls and sizes without any', 'https://x.example/ü', '10½'],
    ['a backslash in a url', 'https://x.example/\\n', 'M'],
    ['a quote in a url', 'https://x.example/""a""', 'M'],
    ['a tab in a size', 'https://x.example/', '10\t½'],
    ['a quote in a size', 'https://x.example/', '10""'],
  ])('say what the tables say, with %s', async (_, url, size) => {
    const rows = smallRows(150)
    rows['photos.csv'].push(`999,7,"${url}","${url}"`)
    rows['skus.csv'].push(`999,7,"${size}",3`)
    const dir = await catalogueFolder(rows)

    const { release } = await importCatalogue({ databaseUrl: database.url, dir, rejectsDir: null })

    await rm(dir, { recursive: true })
    const { rows: documents } = await client.query<{ product_id: number; body: string }>(
      `select product_id, body from release_${release}.styles_document order by 1`,
    )
    const { rows: truths } = await client.query(
      `select product_id, body from release_${release}.styles_source order by 1`,
    )
    expect(documents).toEqual(truths)
    const [style] = JSON.parse(documents[6]!.body).results
    expect(style.photos.at(-1).url).toBe(url.replaceAll('""', '"'))
    expect(style.skus[999].size).toBe(size.replaceAll('""', '"'))
  })
})
