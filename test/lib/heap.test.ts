import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'

describe('the bound on garbage', () => {
  // One that V8 does not know any more is ignored, with a line on stderr, and the heap grows as it likes.
  it('is set by a flag that this Node has', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, ['--v8-options'])

    expect(stdout).toContain('--heap-growing-percent ')
  })
})
