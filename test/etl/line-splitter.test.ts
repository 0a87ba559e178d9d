import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { lineEnd } from '../../etl/line-blocks.ts'
import { LineSplitter } from '../../etl/line-splitter.ts'
import { splitFields } from '../../etl/split-fields.ts'

/** The lines of a block without their line ends. */
const linesOf = (block: Buffer): Buffer[] => {
  const lines: Buffer[] = []
  for (let start = 0; start < block.length;) {
    const lineFeed = block.indexOf('\n', start)
    lines.push(block.subarray(start, lineEnd(block, start, lineFeed)))
    start = lineFeed + 1
  }
  return lines
}

const line = fc.constantFrom(
  '1,2,"XS",8',
  '1,"a ""b"" c",',
  'a,b',
  '1,2\r',
  '"a\rb",1',
  '',
  '\r',
  '1,"open',
  'closed",1',
  '"a "b" c"',
  '"',
  '""',
  '","',
)

describe('lines that are split several at a time', () => {
  it('have the fields that each has alone, whichever of them are asked for', () => {
    const isAsked = fc.boolean()
    const lines = fc.array(fc.tuple(line, isAsked), { minLength: 1, maxLength: 200 })
    fc.assert(
      fc.property(lines, fc.boolean(), (drawn, all) => {
        const block = Buffer.from(drawn.map(([text]) => `${text}\n`).join(''))
        const asked = linesOf(block).filter(
          (bytes, at) => bytes.length > 0 && (all || drawn[at]![1]),
        )
        const splitter = new LineSplitter()
        splitter.enter(block)

        expect(asked.map((bytes) => splitter.split(bytes))).toEqual(asked.map(splitFields))
      }),
    )
  })

  it('are forgotten with their block', () => {
    const splitter = new LineSplitter()
    const bytes = Buffer.from('1,2\n3,4\n5,6\n7,8\n')
    splitter.enter(bytes)
    for (const asked of linesOf(bytes).slice(0, 2)) splitter.split(asked)
    bytes.write('0,0\n0,0\n0,0\n0,0\n')
    splitter.enter(bytes)

    expect(linesOf(bytes).map((asked) => splitter.split(asked)?.[0]?.text)).toEqual(
      Array(4).fill('0'),
    )
  })
})
