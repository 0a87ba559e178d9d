import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { type ReadingProgress, readSourceFile } from '../../etl/read-source-file.ts'
import { RejectFile } from '../../etl/reject-file.ts'
import { SourceError } from '../../etl/source-error.ts'
import { fileOf, headerOf, inTemporaryFolder, readBytes, readRows, someParents } from './reading.ts'

const good = (id: number) => `${id},2,"https://a/${id}","https://b/${id}"`
const goodRow = (id: number) => [`${id}`, '2', `https://a/${id}`, `https://b/${id}`]

describe('a file as it comes', () => {
  const rows = [1, 2, 3].map(goodRow)
  const lines = [headerOf('photos.csv'), good(1), good(2), good(3)]

  it.each([
    ['with LF', `${lines.join('\n')}\n`],
    ['without its last newline', lines.join('\n')],
    ['with CRLF', `${lines.join('\r\n')}\r\n`],
    ['with CRLF cut in half at its end', `${lines.join('\r\n')}\r`],
    ['with a BOM', `\ufeff${lines.join('\n')}\n`],
    ['with a BOM and CRLF', `\ufeff${lines.join('\r\n')}`],
    ['with blank lines', `${lines.join('\n\n \t\r\n')}\n\n\r\n`],
  ])('%s is the same rows', async (_, text) => {
    for (const fastLane of [true, false]) {
      const reading = await readBytes('photos.csv', text, { fastLane })

      expect(reading.rows).toEqual(rows)
      expect(reading.counts).toMatchObject({
        lines: 3,
        loaded: 3,
        repaired: 0,
        bytes: Buffer.byteLength(text),
      })
    }
  })

  it('compressed is the same rows', async () => {
    const text = lines.join('\n')
    const reading = await readBytes('photos.csv', gzipSync(text), {}, '.gz')

    expect(reading.rows).toEqual(rows)
    expect(reading.counts.bytes).toBe(text.length)
  })

  it('is the same rows and rejects wherever its chunks end', async () => {
    const text = `\ufeff${[...lines, '4,2,"http://x', '5,2', '', good(6)].join('\r\n')}\r\n`
    const whole = await readBytes('photos.csv', text)

    expect(whole.counts).toMatchObject({ lines: 6, loaded: 4, rejected: 2 })
    for (let chunkBytes = 1; chunkBytes < 40; chunkBytes++) {
      expect(await readBytes('photos.csv', text, { chunkBytes })).toEqual(whole)
    }
  })

  it('has its offsets from the first byte, a BOM too', async () => {
    const text = `\ufeff${headerOf('skus.csv')}\r\n\r\n1,2,"ß",1\r\nbad\n\n2,2`
    const { rejects } = await readBytes('skus.csv', text)

    const bytes = Buffer.from(text)
    expect(rejects).toMatchObject([
      { line: '4', byte_offset: String(bytes.indexOf('bad')), raw: 'bad' },
      { line: '6', byte_offset: String(bytes.indexOf('2,2', 40)), raw: '2,2' },
    ])
  })

  it('may have a header and nothing else', async () => {
    const reading = await readBytes('skus.csv', headerOf('skus.csv'))

    expect(reading.rows).toEqual([])
    expect(reading.counts).toMatchObject({ lines: 0, loaded: 0, rejected: 0 })
  })

  it('may have the other names in its header', async () => {
    const { rows: read } = await readBytes('skus.csv', 'id, style_id ,size,quantity\n1,2,"S",3\n')

    expect(read).toEqual([['1', '2', 'S', '3']])
  })

  it.each([
    ['is empty', '', 'the file is empty'],
    ['is a BOM', '\ufeff', 'found ""'],
    ['begins with a blank line', `\n${headerOf('skus.csv')}\n`, 'found ""'],
    ['lacks its header', '1,2,"S",3\n', 'found "1,2,\\"S\\",3"'],
    ['is another file', `${headerOf('photos.csv')}\n`, 'found "id,styleId,url,thumbnail_url"'],
  ])('that %s is refused', async (_, text, message) => {
    await expect(readBytes('skus.csv', text)).rejects.toThrow(SourceError)
    await expect(readBytes('skus.csv', text)).rejects.toThrow(message)
  })

  it('is refused when it has no lines at all', async () => {
    const text = 'x'.repeat(20_000_000)

    await expect(readBytes('skus.csv', text)).rejects.toThrow('too long for a header')
  })
})

const parentsAfter = async (name: 'product.csv' | 'skus.csv', line: string) => {
  const parents = someParents()
  await readRows(name, [line], { parents })
  return parents
}

describe('reading', () => {
  it('leaves the ids of loaded rows as parents of the later files', async () => {
    const parents = await parentsAfter('product.csv', '77,"a","b","c","d",5')

    expect(parents.get('product.csv')?.has(77)).toBe(true)
    expect(parents.get('product.csv')?.has(7)).toBe(false)
    expect((await parentsAfter('skus.csv', '77,2,"S",1')).has('skus.csv')).toBe(false)
  })

  it('says how far it is', async () => {
    const steps: ReadingProgress[] = []
    const lines = Array.from({ length: 100 }, (_, id) => good(id + 1))
    await readRows('photos.csv', lines, { chunkBytes: 1000, onProgress: (at) => steps.push(at) })

    expect(steps.length).toBeGreaterThan(3)
    expect(steps.at(-1)).toMatchObject({ lines: 100, bytesRead: steps[0]!.bytesTotal })
    expect(steps.map((step) => step.lines)).toEqual(
      steps.map((step) => step.lines).toSorted((a, b) => a - b),
    )
  })

  it('stops when it is told to, with the reason it was given', async () => {
    const stop = new AbortController()
    const lines = Array.from({ length: 1000 }, (_, id) => good(id + 1))
    const reading = readRows('photos.csv', lines, {
      chunkBytes: 1000,
      signal: stop.signal,
      onProgress: () => stop.abort(new Error('enough')),
    })

    await expect(reading).rejects.toThrow('enough')
  })

  it('names a folder that stands in place of the file', () =>
    inTemporaryFolder(async (dir) => {
      const path = join(dir, 'skus.csv')
      mkdirSync(path)
      const rejects = new RejectFile(join(dir, 'rejects'), 'skus.csv')
      const parents = someParents()
      const { chunks } = readSourceFile(fileOf('skus.csv'), path, { parents, rejects })

      await expect(chunks[Symbol.asyncIterator]().next()).rejects.toThrow('found a folder')
      rejects.close()
    }))
})

describe('two files that are read at once', () => {
  it('do not disturb each other', () =>
    inTemporaryFolder(async (dir) => {
      const parents = someParents()
      const read = async (name: 'skus.csv' | 'photos.csv', line: (id: number) => string) => {
        const lines = Array.from({ length: 5000 }, (_, nth) => line(nth + 1))
        writeFileSync(join(dir, name), [headerOf(name), ...lines, ''].join('\n'))
        const rejects = new RejectFile(join(dir, 'rejects'), name)
        const path = join(dir, name)
        const { chunks } = readSourceFile(fileOf(name), path, { parents, rejects, chunkBytes: 999 })
        const copied: Buffer[] = []
        for await (const chunk of chunks) copied.push(chunk)
        rejects.close()
        return Buffer.concat(copied).toString() === `${lines.join('\n')}\n`
      }

      expect(
        await Promise.all([read('skus.csv', (id) => `${id},2,"S",1`), read('photos.csv', good)]),
      ).toEqual([true, true])
    }))
})
