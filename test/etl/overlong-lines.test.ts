import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { finished } from 'node:stream/promises'
import { describe, expect, it } from 'vitest'
import { readSourceFile } from '../../etl/read-source-file.ts'
import { RejectFile } from '../../etl/reject-file.ts'
import { fileOf, headerOf, inTemporaryFolder, readRows, someParents } from './reading.ts'

describe('a line longer than any row', () => {
  const mebibyte = Buffer.alloc(1024 * 1024, 'x')

  it('is rejected with its first 64 KiB and without being held', () =>
    inTemporaryFolder(async (dir) => {
      const path = join(dir, 'skus.csv')
      const file = createWriteStream(path)
      file.write(`${headerOf('skus.csv')}\n1,2,"S",1\n2,2,"`)
      for (let written = 0; written < 200; written++) file.write(mebibyte)
      file.end('",1\n3,2,"L",1\n')
      await finished(file)
      const before = process.memoryUsage()
      let heldMost = 0
      const rejects = new RejectFile(join(dir, 'rejects'), 'skus.csv')
      const reading = readSourceFile(fileOf('skus.csv'), path, {
        parents: someParents(),
        rejects,
        onProgress: () => {
          heldMost = Math.max(heldMost, process.memoryUsage().arrayBuffers - before.arrayBuffers)
        },
      })
      const copied: Buffer[] = []
      for await (const chunk of reading.chunks) copied.push(chunk)
      rejects.close()

      expect(Buffer.concat(copied).toString()).toBe('1,2,"S",1\n3,2,"L",1\n')
      expect(reading.counts).toMatchObject({ lines: 3, loaded: 2, rejected: 1 })
      expect(heldMost).toBeLessThan(150 * 1024 * 1024)
    }))

  it('is judged the same in one chunk and in many', async () => {
    const long = `2,2,"${'x'.repeat(9 * 1024 * 1024)}",1`
    const read = (chunkBytes: number) => readRows('skus.csv', ['1,2,"S",1', long], { chunkBytes })
    const [many, one] = [await read(64 * 1024), await read(64 * 1024 * 1024)]

    expect(many.rejects).toMatchObject([{ line: '3', column: '', reason: 'too long' }])
    expect(one).toEqual(many)
  })

  it('may be in a field that is just not too long', async () => {
    const size = '""'.repeat(1024 * 1024)
    const { counts, copyText } = await readRows('skus.csv', [`1,2,"${size}",1`])

    expect(counts).toMatchObject({ loaded: 1, rejected: 0 })
    expect(copyText.length).toBe(size.length + '1,2,"",1\n'.length)
  })
})
