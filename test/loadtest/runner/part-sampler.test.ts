import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { startSampler } from '../../../loadtest/runner/part-sampler.ts'

let cpuS = 1
const service = createServer((_, response) => {
  cpuS += 0.5
  response.end(`process_cpu_seconds_total ${cpuS}\nprocess_resident_memory_bytes 5e7\n`)
})
let metricsUrl = ''

beforeAll(async () => {
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve))
  metricsUrl = `http://127.0.0.1:${(service.address() as AddressInfo).port}/metrics`
})

afterAll(() => {
  service.closeAllConnections()
  service.close()
})

describe('the sampler', () => {
  it('follows processes by their id and services by their metrics, and bears what is gone', async () => {
    const sampler = startSampler([
      { name: 'this', pid: process.pid },
      { name: 'service', metricsUrl },
      { name: 'gone', pid: 2 ** 30 },
      { name: 'silent', metricsUrl: 'http://127.0.0.1:1/metrics' },
    ])
    await sleep(2300)
    const { parts } = sampler.stop()
    const [own, byMetrics, gone, silent] = parts

    expect(byMetrics?.cpuS.every((used) => used === 0.5)).toBe(true)
    expect(byMetrics?.memoryBytes[0]).toBe(5e7)
    expect(own?.atMs.length).toBe(own?.cpuS.length)
    expect(gone?.atMs).toEqual([])
    expect(silent?.atMs).toEqual([])
  })
})
