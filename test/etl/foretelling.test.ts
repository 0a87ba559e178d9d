import { readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { parse } from 'csv-parse/sync'
import * as fc from 'fast-check'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadFile } from '../../etl/load-file.ts'
import { readSourceFile } from '../../etl/read-source-file.ts'
import { RejectFile } from '../../etl/reject-file.ts'
import { type SourceFile, sourceFiles } from '../../etl/source-files.ts'
import { sqlText } from '../../etl/sql.ts'
import { createDatabase, type TestDatabase } from '../database.ts'
import { badByte, type DrawnRow, rowOf } from './drawn-rows.ts'
import { someParents } from './reading.ts'

/** How a file is written and read; nothing of it may matter. */
interface Form {
  readonly bom: boolean
  readonly aliases: boolean
  readonly gzip: boolean
  readonly lineEnds: readonly string[]
  readonly lastLineEnd: boolean
  readonly chunkBytes: number
  readonly fastLane: boolean
}

const form: fc.Arbitrary<Form> = fc.record({
  bom: fc.boolean(),
  aliases: fc.boolean(),
  gzip: fc.boolean(),
  // Blank lines are counted as lines of the file and are no rows.
  lineEnds: fc.array(fc.constantFrom('\n', '\n', '\r\n', '\n\n', '\r\n \t\r\n'), { minLength: 1 }),
  lastLineEnd: fc.boolean(),
  chunkBytes: fc.oneof(fc.integer({ min: 64, max: 200 }), fc.constant(256 * 1024)),
  fastLane: fc.boolean(),
})

describe('what becomes of the rows of a file', () => {
  let database: TestDatabase
  let client: Client
  let dir: string
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'product-overview-foretelling-'))
    database = await createDatabase()
    client = new Client({ connectionString: database.url })
    await client.connect()
    await client.query(sqlText('tables'))
  })
  afterAll(async () => {
    await client.end()
    await database.drop()
    await rm(dir, { recursive: true })
  })

  const load = async (file: SourceFile, path: string, options: Form) => {
    const rejects = new RejectFile(join(dir, 'rejects'), file.name)
    const parents = someParents()
    const { chunks, counts } = readSourceFile(file, path, { parents, rejects, ...options })
    await loadFile(client, file, chunks, () => counts.loaded)
    rejects.close()
    const { lines, loaded, repaired, rejected } = counts
    return {
      rows: await storedRows(client, file),
      rejects: parse<Record<string, string>>(readFileSync(rejects.path), { columns: true }),
      counts: { lines, loaded, repaired, rejected },
    }
  }

  it.each(sourceFiles)('can be foretold for $name, in both lanes', async (file) => {
    const rows = fc.array(rowOf(file), { maxLength: 25 })
    await fc.assert(
      fc.asyncProperty(rows, form, async (drawn, drawnForm) => {
        const path = join(dir, file.name + (drawnForm.gzip ? '.gz' : ''))
        const foretold = foretell(file, drawn, drawnForm)
        await writeFile(path, drawnForm.gzip ? gzipSync(foretold.bytes) : foretold.bytes)

        expect(await load(file, path, drawnForm)).toEqual(foretold.outcome)
      }),
      { numRuns: 40 },
    )
  })
})

const storedRows = async (client: Client, { table, columns }: SourceFile) => {
  const values = columns.map(({ name, column = name }) => `${column}::text`)
  const { rows } = await client.query({
    text: `select ${values.join(', ')} from ${table} order by ctid`,
    rowMode: 'array',
  })
  return rows as (string | null)[][]
}

/** Writes the file and says, from what was drawn alone, what is loaded and what is rejected where. */
const foretell = (file: SourceFile, rows: readonly DrawnRow[], drawnForm: Form) => {
  const writer = new FileWriter(file, drawnForm)
  const loaded = new Map<number, DrawnRow>()
  const rejects: Record<string, string>[] = []
  for (const row of rows) {
    const isDuplicate = row.refusal === undefined && loaded.has(row.id)
    const refusal = isDuplicate ? { reason: 'duplicate', column: 'id' } : row.refusal
    if (refusal === undefined) loaded.set(row.id, row)
    else rejects.push({ file: file.name, ...writer.place(), ...refusal, raw: rawOf(row) })
    writer.write(row)
  }
  return {
    bytes: writer.bytes(),
    outcome: {
      rows: [...loaded.values()].map(({ values }) => values),
      rejects,
      counts: {
        lines: rows.length,
        loaded: loaded.size,
        repaired: [...loaded.values()].filter(({ repaired }) => repaired).length,
        rejected: rejects.length,
      },
    },
  }
}

const rawOf = ({ line }: DrawnRow) => line.replaceAll(badByte, '\\xff').replaceAll('\0', '\\x00')

class FileWriter {
  #text: string
  #rows = 0
  readonly #form: Form

  constructor({ columns }: SourceFile, drawnForm: Form) {
    const names = columns.map(({ name, alias = name }) => (drawnForm.aliases ? alias : name))
    this.#form = drawnForm
    this.#text = `${drawnForm.bom ? '\ufeff' : ''}${names.join(',')}\r\n`
  }

  /** The line and the byte where the next row begins. */
  place(): { line: string; byte_offset: string } {
    return {
      line: String(this.#text.split('\n').length),
      byte_offset: String(bytesOf(this.#text).length),
    }
  }

  write({ line }: DrawnRow): void {
    const { lineEnds } = this.#form
    this.#text += line + lineEnds[this.#rows++ % lineEnds.length]!
  }

  bytes(): Buffer {
    return bytesOf(this.#form.lastLineEnd ? this.#text : this.#text.replace(/(\r?\n[ \t]*)+$/, ''))
  }
}

const bytesOf = (text: string) => {
  const pieces = text.split(badByte).map((piece) => Buffer.from(piece))
  return Buffer.concat(
    pieces.flatMap((piece, at) => (at === 0 ? [piece] : [Buffer.of(0xff), piece])),
  )
}
