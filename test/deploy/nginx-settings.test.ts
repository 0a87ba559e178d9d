import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type NginxSettings, parseNginxSettings } from '../../deploy/nginx/settings.ts'

let folder: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'nginx-settings-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

async function settings(members: readonly string[], unlimited = ''): Promise<NginxSettings> {
  const file = join(folder, 'members')
  writeFileSync(file, members.map((member) => `${member}\n`).join(''))
  const env = { ...process.env, UNLIMITED_CLIENTS: unlimited }
  const { stdout } = await promisify(execFile)('deploy/instance/nginx-settings', [file], { env })
  return parseNginxSettings(JSON.parse(stdout))
}

describe('the settings of NGINX on an instance', () => {
  it('name each API instance', async () => {
    const { instances } = await settings(['10.20.32.7', '10.20.48.9'])

    expect(instances).toEqual(['10.20.32.7:3000', '10.20.48.9:3000'])
  })

  it('are whole while there is no API instance', async () => {
    expect((await settings([])).instances).toHaveLength(1)
  })

  it('limit every client, but for the networks of the stack', async () => {
    expect((await settings([])).unlimitedClients).toEqual([])
    expect((await settings([], '203.0.113.7/32,198.51.100.0/24')).unlimitedClients).toEqual([
      '203.0.113.7/32',
      '198.51.100.0/24',
    ])
  })

  it('put the kept replies into memory that has room for them', async () => {
    const { cacheFolder, documentMegabytesMax, listMegabytesMax } = await settings([])
    const mount = readFileSync('deploy/systemd/var-cache-nginx.mount', 'utf8')
    const megabytes = Number(/^Type=tmpfs$[^]*^Options=size=(\d+)M,/m.exec(mount)?.[1])

    expect(mount).toContain(`Where=${cacheFolder}\n`)
    expect(documentMegabytesMax + listMegabytesMax).toBeLessThan(megabytes)
  })
})
