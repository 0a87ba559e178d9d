import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { lineBlocks } from '../../etl/line-blocks.ts'
import { RAW_BYTES_MAX } from '../../etl/reject-file.ts'

const farMax = 1_000_000

async function* chunksOf(bytes: Buffer, sizes: readonly number[]): AsyncGenerator<Buffer> {
  let at = 0
  for (let nth = 0; at < bytes.length; nth++) {
    const size = sizes[nth % sizes.length]!
    yield bytes.subarray(at, at + size)
    at += size
  }
}

/** Each block as it was when it was handed over. */
const blocksOf = async (text: string, sizes: readonly number[], lineBytesMax = farMax) => {
  const blocks = []
  for await (const block of lineBlocks(chunksOf(Buffer.from(text), sizes), lineBytesMax)) {
    const { byteOffset } = block
    if ('head' in block) {
      blocks.push({ byteOffset, head: block.head.toString(), blank: block.blank })
    } else blocks.push({ byteOffset, text: block.bytes.toString() })
  }
  return blocks
}

describe('blocks of lines', () => {
  it('end where a line ends', async () => {
    expect(await blocksOf('ab\ncd\nef', [4])).toEqual([
      { byteOffset: 0, text: 'ab\n' },
      { byteOffset: 3, text: 'cd\n' },
      { byteOffset: 6, text: 'ef\n' },
    ])
    expect(await blocksOf('ab\ncd\nef\n', [100])).toEqual([{ byteOffset: 0, text: 'ab\ncd\nef\n' }])
  })

  it('are none for an empty file', async () => {
    expect(await blocksOf('', [1])).toEqual([])
  })

  it('are together the file, wherever it is cut', async () => {
    const text = fc
      .array(fc.constantFrom('a', 'é', '\r', '\n', '\n'), { maxLength: 40 })
      .map((letters) => letters.join(''))
    const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 })
    await fc.assert(
      fc.asyncProperty(text, sizes, async (file, cuts) => {
        const blocks = await blocksOf(file, cuts)

        const ended = file === '' || file.endsWith('\n') ? file : `${file}\n`
        expect(blocks.map((block) => block.text).join('')).toBe(ended)
        let byteOffset = 0
        for (const block of blocks) {
          expect(block.byteOffset).toBe(byteOffset)
          expect(block.text).toMatch(/\n$/)
          byteOffset += Buffer.byteLength(block.text!)
        }
      }),
      { numRuns: 500 },
    )
  })
})

describe('a line that no row could fill', () => {
  const long = 'x'.repeat(RAW_BYTES_MAX + 100)

  it('is let go, but for its head, and its neighbours are kept', async () => {
    const blocks = await blocksOf(`ab\n${long}\ncd\n`, [7], 20)

    expect(blocks.filter((block) => 'head' in block)).toEqual([
      { byteOffset: 3, head: expect.stringMatching(/^x+$/), blank: false },
    ])
    expect(blocks.at(0)).toEqual({ byteOffset: 0, text: 'ab\n' })
    expect(blocks.at(-1)).toEqual({ byteOffset: 3 + long.length + 1, text: 'cd\n' })
  })

  it('keeps as much of its head as a reject record takes', async () => {
    const [line] = await blocksOf(long, [1000], RAW_BYTES_MAX + 1)

    expect(line).toMatchObject({ byteOffset: 0 })
    expect(line!.head!.length).toBeGreaterThanOrEqual(RAW_BYTES_MAX)
  })

  it('is still blank when it is', async () => {
    const blank = ' '.repeat(100)
    expect(await blocksOf(`${blank}\n`, [50], 20)).toMatchObject([{ blank: true }])
    expect(await blocksOf(`${blank}x\n`, [50], 20)).toMatchObject([{ blank: false }])
    expect(await blocksOf(blank, [1], 20)).toMatchObject([{ blank: true }])
  })
})
