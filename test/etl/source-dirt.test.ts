import { describe, expect, it } from 'vitest'
import { sourceFiles } from '../../etl/source-files.ts'
import { headerOf, readBytes, readRows } from './reading.ts'

const good = (id: number) => `${id},2,"https://a/${id}","https://b/${id}"`
const goodRow = (id: number) => [`${id}`, '2', `https://a/${id}`, `https://b/${id}`]

const product = (price: string, at: number) => `${at + 1},"a","b","c","d",${price}`

describe('the dirt of the real files', () => {
  it('costs no neighbour of a photo without its closing quote', async () => {
    const damaged = '2,2,"https://a/2","https://b/2'
    const { rows, counts } = await readRows('photos.csv', [good(1), damaged, good(3)])

    expect(rows).toEqual([goodRow(1), goodRow(2), goodRow(3)])
    expect(counts).toMatchObject({ lines: 3, loaded: 3, repaired: 1, rejected: 0 })
  })

  it('costs no neighbour of a photo that cannot be repaired', async () => {
    const damaged = '2,2,"https://a/2,x,"https://b/2"'
    const { rows, rejects } = await readRows('photos.csv', [good(1), damaged, good(3)])

    expect(rows).toEqual([goodRow(1), goodRow(3)])
    expect(rejects).toEqual([
      {
        file: 'photos.csv',
        line: '3',
        byte_offset: String(headerOf('photos.csv').length + 1 + good(1).length + 1),
        column: '',
        reason: 'quote',
        raw: damaged,
      },
    ])
  })

  it('loses the u of uhttps://', async () => {
    const { rows, counts } = await readRows('photos.csv', ['1,2,"https://a","uhttps://b"'])

    expect(rows).toEqual([['1', '2', 'https://a', 'https://b']])
    expect(counts).toMatchObject({ loaded: 1, repaired: 1 })
  })

  it('writes no sale as null or 0, and no value of a feature as null', async () => {
    const styles = await readRows('styles.csv', ['1,2,"Red",null,140,1', '2,2,"Blue",0,140,0'])
    const features = await readRows('features.csv', ['1,2,"Sole",null', '2,2,"Sole","null"'])

    expect(styles.rows).toEqual([
      ['1', '2', 'Red', null, '140', '1'],
      ['2', '2', 'Blue', null, '140', '0'],
    ])
    expect(features.rows.map((row) => row[3])).toEqual([null, null])
    expect([styles.counts.repaired, features.counts.repaired]).toEqual([0, 0])
  })

  it('relates to product 0 and to products that are missing', async () => {
    const { rows, counts } = await readRows('related.csv', ['1,2,0', '2,2,10', '3,10,2', '4,2,3'])

    expect(rows).toEqual([['4', '2', '3']])
    expect(counts.rejectedBy).toEqual({ 'out of range': 1, orphan: 2 })
  })

  it('relates a product to itself, and to another twice', async () => {
    const { counts } = await readRows('related.csv', ['1,2,2', '2,2,3', '3,2,3'])

    expect(counts).toMatchObject({ loaded: 3, rejected: 0 })
  })

  it('has rows in any order and gaps between the ids', async () => {
    const { rows } = await readRows('skus.csv', ['70,2,"S",1', '3,9,"M",1', '11,1,"L",1'])

    expect(rows.map(([id]) => id)).toEqual(['70', '3', '11'])
  })

  it('has blanks before numbers and doubled in texts', async () => {
    const { copyText } = await readRows('skus.csv', ['1,2,"X  S", 11'])

    expect(copyText.toString()).toBe('1,2,"X  S", 11\n')
  })

  it('has prices as older editions wrote them', async () => {
    const prices = ['$140', '140.00', '"1,299"', '500000000', '1,299', '12.345']
    const { rows, rejects } = await readRows('product.csv', prices.map(product))

    expect(rows.map((row) => row[5])).toEqual(['140', '140.00', '1299', '500000000'])
    expect(rejects.map(({ reason }) => reason)).toEqual(['column count', 'price'])
  })

  it('has a key twice: the first valid row is loaded', async () => {
    const lines = ['1,2,"S",-1', '1,2,"M",1', '1,2,"L",1', '1,10,"XL",1']
    const { rows, rejects } = await readRows('skus.csv', lines)

    expect(rows).toEqual([['1', '2', 'M', '1']])
    expect(rejects.map(({ line, column, reason }) => [line, column, reason])).toEqual([
      ['2', 'quantity', 'out of range'],
      ['4', 'id', 'duplicate'],
      ['5', 'styleId', 'orphan'],
    ])
  })

  it('has line breaks inside quotes: two lines, both rejected', async () => {
    const lines = ['1,2,"S",1', '2,2,"one', 'two",1', '3,2,"L",1']
    const { rows, rejects } = await readRows('skus.csv', lines)

    expect(rows.map(([id]) => id)).toEqual(['1', '3'])
    expect(rejects.map(({ line, reason }) => [line, reason])).toEqual([
      ['3', 'quote'],
      ['4', 'quote'],
    ])
  })

  it('has Latin-1 bytes, each row of which is rejected', async () => {
    const latin1 = Buffer.from(
      `${headerOf('skus.csv')}\n1,2,"Gr\xf6\xdfe",1\n2,2,"S",1\n`,
      'latin1',
    )
    const { rows, rejects } = await readBytes('skus.csv', latin1)

    expect(rows.map(([id]) => id)).toEqual(['2'])
    expect(rejects).toMatchObject([
      { column: 'size', reason: 'invalid UTF-8', raw: '1,2,"Gr\\xf6\\xdfe",1' },
    ])
  })
})

const wrong = (kind: string) => (/text|url/i.test(kind) ? '"\0"' : 'wrong')

describe('every column of every file', () => {
  it.each(sourceFiles)('is named in the rejects of $name', async ({ name, columns }) => {
    const plain: Record<string, string> = { price: '5', nullablePrice: '5', flag: '1' }
    const cells = columns.map(({ kind }) => plain[kind] ?? '2')
    const lines = columns.map(({ kind }, at) => cells.with(at, wrong(kind)).join(','))
    const { rejects } = await readRows(name, lines)

    expect(rejects.map(({ column }) => column)).toEqual(columns.map((column) => column.name))
  })
})

describe('a file of nothing but rejects', () => {
  it('is rejected row by row', async () => {
    const lines = Array.from({ length: 2_000 }, (_, nth) => `${nth},wrong,"S",1`)
    const { rejects, counts } = await readRows('skus.csv', lines)

    expect(counts).toMatchObject({ lines: 2_000, loaded: 0, rejected: 2_000 })
    expect(rejects.length).toBe(2_000)
    expect(rejects.every(({ raw }, nth) => raw === lines[nth])).toBe(true)
  })
})
