import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { describe, expect, it } from 'vitest'
import { canMeasureCost, costOf, parseStat, treesOf } from '../../loadtest/bench/process-cost.ts'

const processOf = (pid: number, parent: number) => ({ pid, parent, ticks: 1 })

describe('a line of /proc/<pid>/stat', () => {
  it('is read behind the name, which may hold brackets and blanks itself', () => {
    const line = '4242 (tmux: (x) y) S 7 4242 4242 0 -1 4194560 1 2 3 4 10 20 30 40 20 0 1 0'

    expect(parseStat(line)).toEqual({ pid: 4242, parent: 7, ticks: 100 })
  })
})

describe('a process tree', () => {
  const all = [processOf(3, 2), processOf(2, 1), processOf(9, 8), processOf(1, 0), processOf(4, 2)]

  it('holds the root and all below it, in whatever order they are listed', () => {
    expect(new Set([...treesOf(all, [1])].map(({ pid }) => pid))).toEqual(new Set([1, 2, 3, 4]))
  })

  it('counts a process once when its parent is a root as well', () => {
    expect(treesOf(all, [1, 2]).size).toBe(4)
  })
})

describe('the cost of a running process', () => {
  it('holds what an ended child has cost, or is unknown where there is no /proc', async () => {
    const before = await costOf([process.pid])
    await once(spawn(process.execPath, ['-e', 'for (let i = 0; i < 3e8; i++);']), 'exit')
    const after = await costOf([process.pid])

    expect(after !== undefined).toBe(canMeasureCost)
    if (!canMeasureCost) return
    expect((after?.cpuMicros ?? 0) - (before?.cpuMicros ?? 0)).toBeGreaterThan(30_000)
    expect(after?.rssBytes).toBeGreaterThan(10_000_000)
  })
})
