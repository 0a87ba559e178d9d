import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { scenarios } from '../../../loadtest/runner/scenarios.ts'
import { expectSeen, openTarget } from '../../../loadtest/runner/target.ts'

const folder = mkdtempSync(join(tmpdir(), 'target-'))
const map = join(folder, 'map.json')
const common = { products: 10, folder, signal: new AbortController().signal }

const service = createServer((request, response) => {
  const known = request.url === '/metrics'
  response.writeHead(known ? 200 : 404).end(known ? 'process_cpu_seconds_total 1\n' : '')
})
let address = ''

beforeAll(async () => {
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve))
  address = `http://127.0.0.1:${(service.address() as AddressInfo).port}`
})

afterAll(() => {
  service.closeAllConnections()
  service.close()
  rmSync(folder, { recursive: true })
})

describe('a target given by its address', () => {
  it('is one part when it serves metrics', async () => {
    const target = await openTarget({ ...common, target: `${address}/` })

    expect(target).toMatchObject({
      url: address,
      local: true,
      parts: [{ name: 'service', metricsUrl: `${address}/metrics` }],
      instanceUrls: [address],
    })
  })

  it('has no parts when nothing can be seen of it', async () => {
    const target = await openTarget({ ...common, target: 'http://127.0.0.1:1' })

    expect(target.parts).toEqual([])
  })

  it('is refused when it is no address', async () => {
    await expect(openTarget({ ...common, target: 'shop.example' })).rejects.toThrow(
      '--target: expected a URL like http://127.0.0.1:3000, came "shop.example"',
    )
  })
})

describe('a target given by the map of a cluster', () => {
  it('is its NGINX, with every process as a part', async () => {
    writeFileSync(
      map,
      JSON.stringify({
        nginx: { url: 'http://127.0.0.1:8080/', pid: 11 },
        instances: [
          { url: 'http://127.0.0.1:3001', pid: 12 },
          { url: 'http://127.0.0.1:3002', pid: 13 },
        ],
        databases: [
          { role: 'primary', url: 'postgres://a', pid: 14, dataDir: '/a' },
          { role: 'replica', url: 'postgres://b', pid: 15, dataDir: '/b' },
        ],
      }),
    )
    const target = await openTarget({ ...common, map })

    expect(target.url).toBe('http://127.0.0.1:8080')
    expect(target.parts).toEqual([
      { name: 'nginx', pid: 11 },
      { name: 'instance 1', pid: 12 },
      { name: 'instance 2', pid: 13 },
      { name: 'primary', pid: 14 },
      { name: 'replica', pid: 15 },
    ])
    expect(target.instanceUrls).toEqual(['http://127.0.0.1:3001', 'http://127.0.0.1:3002'])
  })

  it('is refused while the map is half written', async () => {
    writeFileSync(map, '{"nginx":{"url":"http://127')

    await expect(openTarget({ ...common, map })).rejects.toThrow('expected the map of a running')
  })
})

describe('a scenario that looks at more than answers', () => {
  const outcomeOf = async (name: string, options: { target: string } | { map: string }) => {
    const scenario = scenarios.find((one) => one.name === name)!
    const target = await openTarget({ ...common, ...options })
    return () => expectSeen(scenario, target)
  }
  const withoutMetrics = 'http://127.0.0.1:1'

  it('is refused at once where it could see nothing, with what to give instead', async () => {
    expect(await outcomeOf('soak', { target: withoutMetrics })).toThrow(
      'soak: expected /metrics at http://127.0.0.1:1, which NGINX does not pass on, none came. Give --map',
    )
    expect(await outcomeOf('costs', { target: address })).toThrow('Give --map FILE of a cluster')
  })

  it('is not refused where it sees what it needs', async () => {
    const nginx = { url: 'http://127.0.0.1:8080/', pid: 11 }
    const instances = [{ url: 'http://127.0.0.1:3001', pid: 12 }]
    writeFileSync(map, JSON.stringify({ nginx, instances, databases: [] }))

    expect(await outcomeOf('soak', { target: address })).not.toThrow()
    expect(await outcomeOf('soak', { map })).not.toThrow()
    expect(await outcomeOf('costs', { map })).not.toThrow()
    expect(await outcomeOf('average', { target: withoutMetrics })).not.toThrow()
  })
})
