import { execFile } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseEnv, promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

const run = promisify(execFile)
let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'install-node-'))
  cpSync('deploy/instance/install-node', join(folder, 'install-node'))
})
afterEach(() => rmSync(folder, { recursive: true }))

describe('install-node', () => {
  it.each(['24.14.0', '22.20.0', '20.19.5'])(
    'refuses Node %s, which has known holes',
    async (version) => {
      const text = readFileSync('deploy/instance/node.env', 'utf8')
      writeFileSync(
        join(folder, 'node.env'),
        text.replace(/^NODE_VERSION=.*/m, `NODE_VERSION=${version}`),
      )

      await expect(run(join(folder, 'install-node'))).rejects.toThrow(`Node ${version} is unsafe`)
    },
  )

  it('has a checksum of 512 bits for both architectures', () => {
    const env = parseEnv(readFileSync('deploy/instance/node.env', 'utf8'))

    expect(env['NODE_SHA512_ARM64']).toMatch(/^[0-9a-f]{128}$/)
    expect(env['NODE_SHA512_X64']).toMatch(/^[0-9a-f]{128}$/)
  })
})
