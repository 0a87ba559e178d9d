import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { checkHeader } from '../../etl/header.ts'
import { SourceError } from '../../etl/source-error.ts'
import { fileOf } from './reading.ts'

const check = (line: string | Buffer) =>
  checkHeader(fileOf('styles.csv'), 'in/styles.csv', Buffer.from(line as string))

describe('a header line', () => {
  it.each([
    'id,productId,name,sale_price,original_price,default_style',
    'id,product_id,name,sale_price,original_price,default_style',
    ' id , productId\t,name,sale_price,original_price,default_style ',
    '"id","productId","name","sale_price","original_price","default_style"',
    '"id", "product_id" ,name,sale_price,original_price,default_style',
  ])('%s is right', (line) => {
    expect(() => check(line)).not.toThrow()
  })

  it.each([
    'id,productId,name,sale_price,original_price',
    'id,productId,name,sale_price,original_price,default_style,',
    'productId,id,name,sale_price,original_price,default_style',
    'ID,productId,name,sale_price,original_price,default_style',
    'id;productId;name;sale_price;original_price;default_style',
    '1,1,"Forest Green",null,140,1',
    '',
  ])('%j is wrong', (line) => {
    expect(() => check(line)).toThrow(SourceError)
  })

  it('is shown beside what was expected when it is wrong', () => {
    expect(() => check('id;"name"')).toThrow(
      'in/styles.csv: expected the header line id,productId (or product_id),name,sale_price,' +
        'original_price,default_style but found "id;\\"name\\""',
    )
  })

  it('is shown cut when it is long', () => {
    expect(() => check('x'.repeat(100_000))).toThrow(/found "x{200}…"$/)
  })

  it('may be of another format, which the message names', () => {
    expect(() => check(Buffer.from('id,productId', 'utf16le'))).toThrow('not UTF-16')
    expect(() => check(gzipSync('id,productId'))).toThrow('.csv.gz')
  })
})
