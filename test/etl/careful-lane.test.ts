import { describe, expect, it } from 'vitest'
import { CarefulLane, lineBytesMax } from '../../etl/careful-lane.ts'
import { FIELD_BYTES_MAX } from '../../etl/fields.ts'
import { fileOf } from './reading.ts'

const skus = new CarefulLane(fileOf('skus.csv'))
const photos = new CarefulLane(fileOf('photos.csv'))

/** The COPY text of a line, or why and where it is rejected. */
const read = (line: string | Buffer, lane = skus): string => {
  const row = lane.read(Buffer.from(line as string))
  return 'reason' in row ? `${row.reason} (${row.column})` : row.copyText.toString()
}

/** Whether a photos line is loaded and counts as repaired. */
const repairedOf = (line: string) => {
  const row = photos.read(Buffer.from(line))
  return 'reason' in row ? undefined : row.repaired
}

describe('a line read with care', () => {
  it('is written anew for COPY', () => {
    expect(read(' 1,"2",Größe, 16')).toBe('1,2,"Größe",16\n')
  })

  it('gives the numbers of its row', () => {
    const row = skus.read(Buffer.from('11,2,"XS",-0'))

    expect(row).toMatchObject({ numbers: Int32Array.of(11, 2, 0, 0), repaired: false })
  })

  it.each([
    ['1,2,"XS"', 'column count ()'],
    ['1,2,"XS",8,', 'column count ()'],
    ['1,2,"X,S,8', 'quote ()'],
    ['1,2,"XS" ,8', 'quote ()'],
    ['1,2,X"S,8', 'quote ()'],
    ['a,2,"XS",8', 'number (id)'],
    ['1,0,"XS",8', 'out of range (styleId)'],
    ['1,2,null,8', 'null (size)'],
    ['1,2,"XS",-1', 'out of range (quantity)'],
  ])('%s is rejected: %s', (line, refusal) => {
    expect(read(line)).toBe(refusal)
  })

  it('is rejected for its first column that is wrong', () => {
    expect(read('1,b,null,-1')).toBe('number (styleId)')
  })

  it('is rejected for its bytes before anything else', () => {
    expect(read(Buffer.from('a,2,"X\xe9S",8', 'latin1'))).toBe('invalid UTF-8 (size)')
    expect(read(Buffer.from('a\xff,2,"XS\0",8', 'latin1'))).toBe('invalid UTF-8 (id)')
    expect(read('a,2,"X\0S",8')).toBe('NUL (size)')
    expect(read('1,2,"XS",8\0')).toBe('NUL (quantity)')
  })

  it('names no column for its bytes when it does not split', () => {
    expect(read(Buffer.from('1,2,"X\xe9S,8', 'latin1'))).toBe('invalid UTF-8 ()')
    expect(read(Buffer.from('1,2,X\xe9S', 'latin1'))).toBe('invalid UTF-8 ()')
    expect(read('1,2,"XS"\0,8')).toBe('NUL ()')
  })

  it.each([
    ['a character cut short', 'f09fa7'],
    ['an overlong encoding', 'c0af'],
    ['half of a surrogate pair', 'eda080'],
    ['a code point past the last', 'f4908080'],
    ['a byte that UTF-8 never uses', 'ff'],
  ])('rejects %s', (_, hex) => {
    const line = Buffer.concat([Buffer.from('1,2,"'), Buffer.from(hex, 'hex'), Buffer.from('",8')])

    expect(read(line)).toBe('invalid UTF-8 (size)')
  })

  it('may hold a field of 1 MiB and none that is longer', () => {
    const text = '""'.repeat(FIELD_BYTES_MAX)

    expect(read(`1,2,"${text}",8`)).toBe(`1,2,"${text}",8\n`)
    expect(read(`1,2,"${text}x",8`)).toBe('too long (size)')
  })

  it('is rejected as a whole when it is longer than a row can be', () => {
    expect(read('x'.repeat(lineBytesMax(fileOf('skus.csv')) + 1))).toBe('too long ()')
    expect(read('x'.repeat(lineBytesMax(fileOf('skus.csv'))))).toBe('column count ()')
  })
})

describe('a photos line read with care', () => {
  const copied = '1,2,"http://a","http://b"\n'

  it.each([
    '1,2,"http://a,"http://b"',
    '1,2,"http://a,http://b"',
    '1,2,http://a,"http://b"',
    '1,2, http://a ,"http://b"',
    '1,2,http://a,http://b',
  ])('%s is repaired', (line) => {
    expect(read(line, photos)).toBe(copied)
    expect(repairedOf(line)).toBe(true)
  })

  it('counts as repaired when only a u was dropped', () => {
    expect(read('1,2,"http://a","uhttps://b"', photos)).toBe('1,2,"http://a","https://b"\n')
    expect(repairedOf('1,2,"http://a","uhttps://b"')).toBe(true)
    expect(repairedOf('1,2,"http://a","http://b"')).toBe(false)
  })

  it('keeps any text that stands between quotes as it should', () => {
    expect(read('1,2," http://a,b ","b ""c"""', photos)).toBe('1,2," http://a,b ","b ""c"""\n')
  })

  it('takes other text without quotes as it is, and nothing for repaired', () => {
    expect(read('1,2, a.jpg ,"http://b"', photos)).toBe('1,2," a.jpg ","http://b"\n')
    expect(repairedOf('1,2, a.jpg ,"http://b"')).toBe(false)
    expect(repairedOf('1,2,http://a,"http://b,c"')).toBe(false)
  })

  it.each([
    ['1,2,"http://a,b,"http://c"', 'quote ()'],
    ['1,2,"http://a', 'quote ()'],
    ['1,2,"http://a"', 'column count ()'],
    ['1,2,3,"http://a","http://b"', 'column count ()'],
    ['1,2,null,"http://b"', 'null (url)'],
    ['1,0,"http://a,"http://b"', 'out of range (styleId)'],
  ])('%s is rejected: %s', (line, refusal) => {
    expect(read(line, photos)).toBe(refusal)
  })
})

describe('damage outside photos.csv', () => {
  it('is not repaired, even where it could be', () => {
    const features = new CarefulLane(fileOf('features.csv'))

    expect(read('1,2,"http://a,"http://b"', features)).toBe('quote ()')
  })
})
