import { describe, expect, it } from 'vitest'
import { isBlank, trimBlanks } from '../../etl/blanks.ts'

describe('blanks around a text', () => {
  it('are blanks and tabs, and nothing else that looks like one', () => {
    expect(trimBlanks(' \t a b\t ')).toBe('a b')
    expect(trimBlanks('\u00a0a\r')).toBe('\u00a0a\r')
    expect(trimBlanks('  ')).toBe('')
  })

  it('are found in linear time', () => {
    const inside = `a${' '.repeat(1_000_000)}b`

    expect(trimBlanks(inside)).toBe(inside)
  })
})

describe('a blank line', () => {
  it('holds blanks, tabs and carriage returns at most', () => {
    expect(['', ' ', '\t', '\r', ' \t\r\n'].every((line) => isBlank(Buffer.from(line)))).toBe(true)
    expect(['0', '""', ',', '\0', '\u00a0'].some((line) => isBlank(Buffer.from(line)))).toBe(false)
  })
})
