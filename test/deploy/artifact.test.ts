import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { packArtifact } from '../../deploy/commands/artifact.ts'

let dist: string
const made: string[] = []

beforeEach(() => {
  dist = mkdtempSync(join(tmpdir(), 'dist-'))
  for (const name of ['server.js', 'server.js.map', 'etl.js']) writeFileSync(join(dist, name), name)
})
afterEach(() => {
  for (const folder of [dist, ...made.splice(0)]) rmSync(folder, { recursive: true })
})

async function pack(version: string) {
  const artifact = await packArtifact(version, dist)
  made.push(artifact.folder)
  return artifact
}

describe('the artifact of a release', () => {
  it('is the same bytes for the same content', async () => {
    const [first, second] = [await pack('1.0.0-abc'), await pack('1.0.0-abc')]

    expect(second.release).toEqual(first.release)
  })

  it('is another one when the program is', async () => {
    const first = await pack('1.0.0-abc')
    writeFileSync(join(dist, 'server.js'), 'changed')

    expect((await pack('1.0.0-abc')).release.sha256).not.toBe(first.release.sha256)
  })

  it('holds what instances run', async () => {
    const { file } = await pack('1.0.0-abc')

    const names = execFileSync('tar', ['-tzf', file], { encoding: 'utf8' }).split('\n')
    expect(names).toEqual(
      expect.arrayContaining([
        './RELEASE',
        './dist/server.js',
        './dist/etl.js',
        './deploy/instance/set-up',
        './deploy/postgres/set-up',
        './deploy/systemd/product-overview-api.service',
        './deploy/nginx/nginx.conf',
        './deploy/aws/cloudwatch-agent.json',
      ]),
    )
  })
})
