import { describe, expect, it } from 'vitest'
import { CopyBuffer } from '../../etl/copy-buffer.ts'

describe('a copy buffer', () => {
  it('gives what was put in, in order, in full buffers of one size', () => {
    const copy = new CopyBuffer()
    const source = Buffer.from('0123456789'.repeat(30_000))
    copy.append(source, 0, 5)
    copy.append(source, 5, source.length)
    copy.append(source, 3, 3)
    copy.append(source, 0, 1)
    const full = copy.takeFull()
    const rest = copy.takeAll()

    expect(full.map(({ length }) => length)).toEqual([256 * 1024])
    expect(Buffer.concat([...full, ...rest]).toString()).toBe(`${source.toString()}0`)
  })

  it('gives nothing twice and lets nobody write to what it gave', () => {
    const copy = new CopyBuffer()
    copy.append(Buffer.from('ab'), 0, 2)
    const [first] = copy.takeAll()
    copy.append(Buffer.from('cd'), 0, 2)

    expect(copy.takeFull()).toEqual([])
    expect(copy.takeAll().join()).toBe('cd')
    expect(copy.takeAll()).toEqual([])
    expect(first?.toString()).toBe('ab')
  })
})
