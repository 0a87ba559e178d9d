import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, describe, expect, it } from 'vitest'

import { K6Missing, findK6 } from '../../../loadtest/runner/find-k6.ts'

const folder = mkdtempSync(join(tmpdir(), 'k6-'))

afterAll(() => rmSync(folder, { recursive: true }))

function programSaying(version: string): string {
  const path = join(folder, `k6-${version}`)
  writeFileSync(path, `#!/bin/sh\necho 'k6 ${version} (go1.26, linux/amd64)'\n`)
  chmodSync(path, 0o755)
  return path
}

describe('finding k6', () => {
  it('takes the given one when it is new enough', () => {
    const path = programSaying('v2.2.0')

    expect(findK6(path)).toEqual({ path, version: 'v2.2.0' })
  })

  it('says which version it found instead, and how to get a fitting one', () => {
    const path = programSaying('v0.49.0')

    expect(() => findK6(path)).toThrow(K6Missing)
    expect(() => findK6(path)).toThrow(`found v0.49.0 at ${path}`)
    expect(() => findK6(path)).toThrow('brew install k6')
  })

  it('says so when there is none at all', () => {
    expect(() => findK6(join(folder, 'missing'))).toThrow('found none')
  })
})
