import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { FastLane } from '../../etl/fast-lane.ts'
import { RejectFile } from '../../etl/reject-file.ts'
import { RowReader } from '../../etl/row-reader.ts'
import { type SourceFile, type SourceFileName, sourceFiles } from '../../etl/source-files.ts'
import { fileOf, someParents } from './reading.ts'

const isPlain = (name: SourceFileName, line: string) => {
  const bytes = Buffer.from(`${line}\n`)
  const end = new FastLane(fileOf(name)).scan(bytes, 0)
  return end === bytes.length
}

describe('the fast lane', () => {
  it.each([
    ['skus.csv', '1,2,"XS",8'],
    ['skus.csv', '1,2,"XS", 8\r'],
    ['skus.csv', '"1"," 2","XS","8"'],
    ['skus.csv', '1,2,XS,0'],
    ['skus.csv', '1,2,,0'],
    ['skus.csv', '2147483647,1,"a ""fine"" hem, a\rb",2147483647'],
    ['product.csv', `1,"${'long '.repeat(100)}","","","",$140`],
    ['product.csv', `1,"${'long """" '.repeat(100)}","","","",140.00`],
    ['styles.csv', '1,2,"Red",null,140,1'],
    ['styles.csv', '1,2,"Red",0.00,140,0'],
    ['styles.csv', '1,2,"Red",,140,0'],
    ['features.csv', '1,2,"Sole",null'],
    ['features.csv', '1,2,"Sole","null"'],
    ['features.csv', '1,2,"Sole",'],
    ['photos.csv', '1,2,"http://a","uhttps://b"'],
    ['photos.csv', '1,2,http://a,https://b'],
    ['related.csv', '1,2,3'],
  ] as const)('knows %s: %s', (name, line) => {
    expect(isPlain(name, line)).toBe(true)
  })

  it.each([
    ['skus.csv', ''],
    ['skus.csv', '1,2,"XS"'],
    ['skus.csv', '1,2,"XS",8,'],
    ['skus.csv', '1,2,"XS" ,8'],
    ['skus.csv', '1,2,"XS,8'],
    ['skus.csv', `1,2,"${'x'.repeat(100)},8`],
    ['skus.csv', '1,2,null,8'],
    ['skus.csv', '0,2,"XS",8'],
    ['skus.csv', '2147483648,2,"XS",8'],
    ['skus.csv', '21474836470,2,"XS",8'],
    ['skus.csv', '1,2,"XS",-1'],
    ['styles.csv', '1,2,"Red",null,2147483647.01,1'],
    ['styles.csv', '1,2,"Red",null,1 .5,1'],
    ['styles.csv', '1,2,"Red",null,140.005,1'],
    ['styles.csv', '1,2,"Red",null,140,01'],
    ['photos.csv', '1,2,http://a,"http://b"'],
    ['photos.csv', '1,2,a.jpg,b.jpg'],
    ['related.csv', '1,2,null'],
  ] as const)('leaves to the careful lane %s: %s', (name, line) => {
    expect(isPlain(name, line)).toBe(false)
  })

  it('looks no further than the line feed', () => {
    for (const { name, columns } of sourceFiles) {
      const lane = new FastLane(fileOf(name))
      const line = columns.map(({ kind }) => (kind === 'url' ? '"u"' : '"')).join(',')
      for (let end = 0; end <= line.length; end++) {
        expect(() => lane.scan(Buffer.from(`${line.slice(0, end)}\n`), 0)).not.toThrow()
      }
    }
  })
})

describe('the two lanes', () => {
  let dir: string
  beforeAll(() => {
    dir = mkdtempSync(join(tmpdir(), 'product-overview-lanes-'))
  })
  afterAll(() => rmSync(dir, { recursive: true }))

  const read = (file: SourceFile, block: Buffer, fastLane: boolean) => {
    const rejects = new RejectFile(dir, file.name)
    const reader = new RowReader(file, { parents: someParents(), rejects, fastLane })
    reader.readLines({ bytes: block, byteOffset: 0 })
    rejects.close()
    const rows = canonicalRows(file, Buffer.concat(reader.copy.takeAll()))
    return { rows, counts: reader.counts, rejects: readFileSync(rejects.path, 'utf8') }
  }

  it.each(sourceFiles)('agree on any lines of $name', (file) => {
    fc.assert(
      fc.property(fc.array(lineOf(file), { minLength: 1, maxLength: 30 }), (lines) => {
        const block = Buffer.concat(lines.flatMap((line) => [line, Buffer.from('\n')]))

        expect(read(file, block, true)).toEqual(read(file, block, false))
      }),
      { numRuns: 60 },
    )
  })
})

/** Rows as the database would understand them: the fast lane leaves ` 007` as it stands. */
const canonicalRows = ({ columns }: SourceFile, copyText: Buffer) =>
  parse(copyText, {
    record_delimiter: '\n',
    cast: (text, { index, quoting }) => {
      if (text === 'null' && !quoting) return null
      return /text|url/i.test(columns[index]!.kind) ? text : Number(text)
    },
  })

const cells: Record<string, readonly string[]> = {
  id: ['1', '2', ' 3', '4\t', '"5"', '" 6 "', '007', '0', '-1', '2147483647', '2147483648', '9e9'],
  parent: ['1', '9', '\t2 ', '"3"', '10', '0', '-0', '99999999999', 'null', ''],
  quantity: ['0', '8', ' 16', '"5"', '-0', '-1', '2147483647', '2147483648', '', 'null', '1.0'],
  flag: ['0', '1', ' 1', '"0"', '"1 "', '2', '01', '-0', 'true', '', 'null'],
  price: ['140', '$140', ' $1.50 ', '"1,299"', '"$5"', '0', '1 .5', '1. 5', '.5', '5.', '5.123'],
  nullablePrice: ['null', ' null', '', ' ', '0', '$0', '0.00', '"0"', '0.01', '$7.5', '"null"'],
  text: ['"XS"', 'XS', '', '""', 'null', '"null"', 'null ', '"a ""b"" c"', ' a', '"a" ', '"a\rb"'],
  nullableText: ['"Wool"', 'null', '"null"', '', 'nullx', '"nullx"', '"null""', '"nul"', 'null\r'],
  url: [
    '"http://a"',
    'http://a',
    '"uhttps://a"',
    'uhttps://a',
    '"http://a',
    'http://a"',
    ' http://a',
    'http://a ',
    '"http://a,b"',
    '"http://a""b"',
    '"u"',
    'a.jpg',
    'null',
  ],
}
const longText = `"${'A long text with ""quotes"" in it. '.repeat(4)}"`

const stumps = [...'",\r\t 0-$.'.split(''), '2147483647.01', '214748364.7']

const newId = fc.integer({ min: 1, max: 1_000_000 }).map(String)

const cellOf = (kind: string) =>
  fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...cells[kind]!) },
    { weight: 2, arbitrary: fc.constantFrom(cells[kind]![0]!) },
    { weight: 1, arbitrary: fc.constantFrom(longText, longText.slice(1), longText.slice(0, -1)) },
    { weight: 1, arbitrary: fc.constantFrom(...stumps) },
  )

/** Lines well-formed, damaged and random, in about equal parts. */
const lineOf = (file: SourceFile): fc.Arbitrary<Buffer> => {
  const goodCells = file.columns.map(({ kind }) =>
    kind === 'id' ? newId : fc.constantFrom(...cells[kind]!.slice(0, 3)),
  )
  const anyCells = file.columns.map(({ kind }) =>
    kind === 'id' ? fc.oneof(newId, newId, cellOf(kind)) : cellOf(kind),
  )
  const joined = fc
    .oneof(fc.tuple(...goodCells), fc.tuple(...anyCells))
    .map((drawn) => Buffer.from(drawn.join(',')))
  const damaged = fc.tuple(joined, fc.nat(200), fc.nat(2), byte).map(([line, at, cut, code]) => {
    const place = at % (line.length + 1)
    return Buffer.concat([line.subarray(0, place), Buffer.of(code), line.subarray(place + cut)])
  })
  const random = fc.array(byte, { maxLength: 20 }).map((bytes) => Buffer.from(bytes))
  return fc
    .oneof(joined, damaged, damaged, random)
    .map((line) => Buffer.from(line.filter((code) => code !== 0x0a)))
    .chain((line) => fc.constantFrom(line, Buffer.concat([line, Buffer.from('\r')])))
}

const byte = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...Buffer.from('",\r\t 01$.-nu')) },
  { weight: 1, arbitrary: fc.nat(255) },
)
