import { createHash, randomBytes } from 'node:crypto'
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { findSourceFiles, openSourceFile } from '../../etl/open-source-file.ts'
import { SourceError } from '../../etl/source-error.ts'
import { sourceFiles } from '../../etl/source-files.ts'
import { inTemporaryFolder, withoutPermission } from './reading.ts'

const writeAll = (dir: string, but: readonly string[] = []) => {
  for (const { name } of sourceFiles) {
    if (!but.includes(name)) writeFileSync(join(dir, name), 'id\n')
  }
}

describe('the six files of a folder', () => {
  it('are found, plain and compressed', () =>
    inTemporaryFolder(async (dir) => {
      writeAll(dir, ['skus.csv'])
      writeFileSync(join(dir, 'skus.csv.gz'), gzipSync('id\n'))
      const found = await findSourceFiles(dir)

      expect(found.size).toBe(6)
      expect(found.get('product.csv')).toBe(join(dir, 'product.csv'))
      expect(found.get('skus.csv')).toBe(join(dir, 'skus.csv.gz'))
    }))

  it('are named when they are missing, all at once', () =>
    inTemporaryFolder(async (dir) => {
      writeAll(dir, ['styles.csv', 'related.csv'])

      await expect(findSourceFiles(dir)).rejects.toThrow(
        new SourceError(`${dir}: styles.csv, related.csv (or .csv.gz) missing`),
      )
    }))

  it('are not there twice', () =>
    inTemporaryFolder(async (dir) => {
      writeAll(dir, ['product.csv'])
      writeFileSync(join(dir, 'skus.csv.gz'), '')

      await expect(findSourceFiles(dir)).rejects.toThrow(
        `${dir}: product.csv (or .csv.gz) missing; ` +
          'skus.csv and skus.csv.gz are both there: remove the one not to be read',
      )
    }))

  it('are in a folder that is there', () =>
    inTemporaryFolder(async (dir) => {
      writeFileSync(join(dir, 'file'), '')

      for (const missing of [join(dir, 'nowhere'), join(dir, 'file')]) {
        await expect(findSourceFiles(missing)).rejects.toThrow(
          new SourceError(`${missing}: there is no such folder`),
        )
      }
    }))
})

const readAll = async (path: string) => {
  const hash = createHash('sha256')
  const file = await openSourceFile(path)
  let bytes = 0
  for await (const chunk of file.chunks) {
    hash.update(chunk)
    bytes += chunk.length
  }
  return { bytes, digest: hash.digest('hex'), bytesRead: file.bytesRead(), total: file.bytesTotal }
}

describe('an open file', () => {
  const content = Buffer.from(randomBytes(300_000).toString('hex'))
  const digest = createHash('sha256').update(content).digest('hex')

  it('gives its bytes', () =>
    inTemporaryFolder(async (dir) => {
      const path = join(dir, 'skus.csv')
      writeFileSync(path, content)

      expect(await readAll(path)).toEqual({
        bytes: content.length,
        digest,
        bytesRead: content.length,
        total: content.length,
      })
    }))

  it('gives its bytes uncompressed and counts them compressed', () =>
    inTemporaryFolder(async (dir) => {
      const path = join(dir, 'skus.csv.gz')
      const compressed = gzipSync(content)
      writeFileSync(path, compressed)

      expect(await readAll(path)).toEqual({
        bytes: content.length,
        digest,
        bytesRead: compressed.length,
        total: compressed.length,
      })
    }))

  it('may be left before its end', () =>
    inTemporaryFolder(async (dir) => {
      for (const [name, bytes] of [
        ['skus.csv', content],
        ['skus.csv.gz', gzipSync(content)],
      ] as const) {
        const path = join(dir, name)
        writeFileSync(path, bytes)
        const file = await openSourceFile(path, { chunkBytes: 1000 })
        for await (const chunk of file.chunks) {
          expect(chunk.length).toBe(1000)
          break
        }
      }
    }))

  it('says when it grows or changes while it is read', () =>
    inTemporaryFolder(async (dir) => {
      const path = join(dir, 'skus.csv')
      for (const change of [
        () => appendFileSync(path, 'more'),
        () => writeFileSync(path, content.toReversed()),
      ]) {
        writeFileSync(path, content)
        const { chunks } = await openSourceFile(path, { chunkBytes: 100_000 })
        const iterator = chunks[Symbol.asyncIterator]()
        await iterator.next()
        change()
        const readOn = async () => {
          while ((await iterator.next()).done !== true);
        }

        await expect(readOn()).rejects.toThrow(
          /skus\.csv: it was changed while it was read \(600000 bytes before, \d+ now\)/,
        )
      }
    }))

  it.each([
    [
      'truncated',
      (gzip: Buffer) => gzip.subarray(0, -1000),
      'the gzip data ends too early: the file is truncated',
    ],
    ['cut to a few bytes', (gzip: Buffer) => gzip.subarray(0, 5), 'truncated'],
    ['corrupt', (gzip: Buffer) => gzip.fill(0x55, 5000, 6000), 'the gzip data is corrupt'],
    ['not compressed', () => content, 'the gzip data is corrupt'],
  ])('says when it is %s', (_, damaged, message) =>
    inTemporaryFolder(async (dir) => {
      const path = join(dir, 'skus.csv.gz')
      writeFileSync(path, damaged(gzipSync(content)))

      await expect(readAll(path)).rejects.toThrow(SourceError)
      await expect(readAll(path)).rejects.toThrow(message)
    }),
  )

  it('is a file that is there', () =>
    inTemporaryFolder(async (dir) => {
      mkdirSync(join(dir, 'skus.csv'))

      await expect(openSourceFile(join(dir, 'skus.csv'))).rejects.toThrow(
        new SourceError(`${join(dir, 'skus.csv')}: expected a file, found a folder`),
      )
      await expect(openSourceFile(join(dir, 'photos.csv'))).rejects.toThrow(
        new SourceError(`${join(dir, 'photos.csv')}: there is no such file`),
      )
    }))

  it('is one that may be read', () =>
    inTemporaryFolder(async (dir) => {
      const path = join(dir, 'skus.csv')
      writeFileSync(path, content)

      await withoutPermission(path, async () => {
        await expect(readAll(path)).rejects.toThrow(
          new SourceError(`${path}: no permission to read it`),
        )
      })
    }))
})
