import { describe, expect, it } from 'vitest'
import { repairPhoto } from '../../etl/photo-repair.ts'

const repaired = (line: string) => repairPhoto(line)?.map(({ text }) => text)

describe('the repair of a photos line', () => {
  it.each([
    ['the opening quote of url', '1,2,http://a","http://b"'],
    ['the closing quote of url', '1,2,"http://a,"http://b"'],
    ['the opening quote of thumbnail_url', '1,2,"http://a",http://b"'],
    ['the closing quote of thumbnail_url', '1,2,"http://a","http://b'],
    ['both quotes of url', '1,2,http://a,"http://b"'],
    ['both quotes of thumbnail_url', '1,2,"http://a",http://b'],
    ['both opening quotes', '1,2,http://a",http://b"'],
    ['both closing quotes', '1,2,"http://a,"http://b'],
    ['the outer quotes', '1,2,http://a","http://b'],
    ['the inner quotes', '1,2,"http://a,http://b"'],
    ['all four', '1,2,http://a,http://b'],
  ])('mends %s', (_, line) => {
    expect(repaired(line)).toEqual(['1', '2', 'http://a', 'http://b'])
  })

  it('drops blanks around the pieces', () => {
    expect(repaired(' 1 ,\t2, "http://a , http://b" ')).toEqual(['1', '2', 'http://a', 'http://b'])
  })

  it('takes ids in quotes that are whole', () => {
    expect(repaired('"1"," 2","http://a,"http://b"')).toEqual(['1', ' 2', 'http://a', 'http://b'])
  })

  it('knows https and uhttps', () => {
    expect(repaired('1,2,https://a","uhttps://b"')).toEqual(['1', '2', 'https://a', 'uhttps://b'])
  })

  it.each([
    ['a comma in a url', '1,2,"http://a,b,"http://c"'],
    ['a comma at the end', '1,2,"http://a,"http://b",'],
    ['a column too few', '1,2,"http://a'],
    ['a column too many', '1,2,3,"http://a,"http://b"'],
    ['a url that does not begin with http', '1,2,"ftp://a,"http://b"'],
    ['a url that begins with uhttp:', '1,2,"uhttp://a,"http://b"'],
    ['an empty url', '1,2,","http://b"'],
    ['no url', '1,2,null,"http://b'],
    ['a blank between its quote and a url', '1,2," http://a,"http://b"'],
    ['a quote inside a url', '1,2,"http://a"b,"http://c"'],
    ['a doubled quote inside a url', '1,2,"http://a""b,"http://c"'],
    ['a doubled quote before a url', '1,2,""http://a","http://b"'],
    ['an id that is no number', 'a,2,"http://a,"http://b"'],
    ['an id that lost a quote', '"1,2,"http://a","http://b"'],
    ['an empty id', ',2,"http://a,"http://b"'],
    ['nothing', ''],
  ])('leaves a line alone that has %s', (_, line) => {
    expect(repairPhoto(line)).toBeUndefined()
  })
})
