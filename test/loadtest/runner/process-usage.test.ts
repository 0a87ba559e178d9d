import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'

import { describe, expect, it } from 'vitest'

import {
  cpuBetween,
  machineCpuS,
  readProcesses,
  usageOf,
} from '../../../loadtest/runner/process-usage.ts'

const hasProc = existsSync('/proc/self/stat')

// A shell whose child is busy for 300 ms of CPU and holds 60 MB, then says so and waits.
const busyChild = `
  const held = Buffer.alloc(60e6, 1)
  const began = process.cpuUsage().user
  while (process.cpuUsage(undefined).user - began < 300_000) Math.sqrt(held[7])
  console.log('done')
  setTimeout(() => {}, 60_000)
`

describe('the usage of a process', () => {
  it('holds that of its children, and nothing of what is not there', async () => {
    const before = readProcesses()
    const shell = spawn('sh', ['-c', `"$0" -e "$1"; true`, process.execPath, busyChild])
    try {
      await once(shell.stdout, 'data')
      const processes = readProcesses()
      const usage = usageOf(shell.pid as number, processes)

      expect(usageOf(shell.pid as number, before)).toBeUndefined()
      if (!hasProc) return
      expect(usage?.cpuS.size).toBe(2)
      expect(cpuBetween({ cpuS: new Map(), memoryBytes: 0 }, usage!)).toBeGreaterThanOrEqual(0.29)
      expect(usage?.memoryBytes).toBeGreaterThan(60e6)
      expect(usage?.memoryBytes).toBeLessThan(400e6)
    } finally {
      const childPid = [...readProcesses()].find(([, { parent }]) => parent === shell.pid)?.[0]
      if (childPid !== undefined) process.kill(childPid)
      shell.kill()
    }
  })

  it('does not shrink by what an ended child had used', () => {
    const usage = (cpuS: [number, number][]) => ({ cpuS: new Map(cpuS), memoryBytes: 0 })
    const before = usage([
      [1, 10],
      [2, 500],
    ])

    expect(cpuBetween(before, usage([[1, 10.5]]))).toBe(0.5)
    expect(
      cpuBetween(
        before,
        usage([
          [1, 10.5],
          [3, 0.25],
        ]),
      ),
    ).toBe(0.75)
  })
})

describe('the machine', () => {
  it('has been busy for longer than this process, where that can be seen', () => {
    const { user } = process.cpuUsage()

    expect(machineCpuS() ?? Number.POSITIVE_INFINITY).toBeGreaterThan(user / 1e6)
  })
})
