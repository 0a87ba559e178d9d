import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'

import { afterAll, describe, expect, it } from 'vitest'

import { K6Missing, findK6 } from '../../../loadtest/runner/find-k6.ts'

const folder = mkdtempSync(join(tmpdir(), 'k6-'))

afterAll(() => rmSync(folder, { recursive: true }))

function programSaying(version: string): string {
  return program(`k6-${version}`, `echo 'k6 ${version} (go1.26, linux/amd64)'`)
}

function program(name: string, script: string): string {
  const path = join(folder, name)
  writeFileSync(path, `#!/bin/sh\n${script}\n`)
  chmodSync(path, 0o755)
  return path
}

/** What findK6 says when there is none. */
function hint(): string {
  try {
    findK6(join(folder, 'missing'))
  } catch (error) {
    return String(error)
  }
  throw new Error('expected findK6 to throw')
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
    expect(() => findK6(path)).toThrow('apt-get install k6, once its repository is added')
  })

  it('says so when there is none at all', () => {
    expect(() => findK6(join(folder, 'missing'))).toThrow('found none')
  })

  it('says how to get it by docker into a clone in which nothing was ever built', () => {
    program('k6', "echo 'k6 v2.2.0 (go1.26, linux/amd64)'")
    // As with docker, the folder to copy to must be there.
    program('docker', 'if [ "$1" = create ]; then echo c1; else cp "${0%/*}/${2##*/}" "$3"; fi')
    const lines = /^ {2}docker \(Linux\) ([^]*)$/m.exec(hint())?.[1] ?? ''
    const clone = join(folder, 'clone')
    mkdirSync(clone)
    const PATH = `${folder}${delimiter}${process.env['PATH']}`
    execFileSync('sh', ['-ec', lines], { cwd: clone, env: { PATH } })

    expect(findK6(join(clone, 'loadtest/k6/bin/k6')).version).toBe('v2.2.0')
  })
})
