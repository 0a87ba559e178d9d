import { describe, expect, it } from 'vitest'
import { matchesEtag } from '../../lib/entity-tag.ts'

describe('matchesEtag', () => {
  it.each(['W/"a"', '"a"', '*', ' * ', '"x", W/"a"', '"a","b"', 'W/"x" , "a"', '"x,y", "a"'])(
    '%s names W/"a"',
    (header) => {
      expect(matchesEtag(header, 'W/"a"')).toBe(true)
    },
  )

  it.each(['', 'a', 'W/a', '"b"', '"A"', '"b, a"', '"aa"', '"*"', 'w/"b"', '"x" "'])(
    '%j does not',
    (header) => {
      expect(matchesEtag(header, 'W/"a"')).toBe(false)
    },
  )

  it('takes no longer for a long header than it is long', () => {
    const started = performance.now()

    expect(matchesEtag('"'.repeat(16_000), 'W/"a"')).toBe(false)
    expect(matchesEtag('"x", '.repeat(3000), 'W/"a"')).toBe(false)

    expect(performance.now() - started).toBeLessThan(200)
  })
})
