import { describe, expect, it } from 'vitest'
import { unsafeNodeWarning } from '../../lib/node-version.ts'

describe('a Node', () => {
  it.each(['v18.20.8', 'v20.20.2', 'v21.7.3', 'v23.11.1', 'v25.9.0'])(
    '%s that nobody patches any more is warned of',
    (version) => {
      expect(unsafeNodeWarning(version)).toBe(
        `Node ${version} gets no security fixes any more: deploy on an even one from 24 up`,
      )
    },
  )

  it.each(['v22.21.0', 'v24.11.0', 'v26.1.0'])('%s that is patched is not', (version) => {
    expect(unsafeNodeWarning(version)).toBeUndefined()
  })
})
