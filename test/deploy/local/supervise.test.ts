import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { afterEach, describe, expect, it } from 'vitest'
import {
  type Running,
  type Supervised,
  supervise,
} from '../../../deploy/local/cluster/supervise.ts'
import { signalProcess } from '../../../deploy/local/processes.ts'

const parts: Supervised<Running>[] = []
const begun: Running[] = []
const reports: string[] = []

afterEach(async () => {
  for (const part of parts.splice(0)) await part.stop()
  begun.length = 0
  reports.length = 0
})

const run = async (command: string): Promise<Running> => {
  const child = spawn('sh', ['-c', `exec ${command}`], { stdio: 'ignore' })
  await once(child, 'spawn')
  const pid = child.pid ?? 0
  const ended = once(child, 'exit')
  const stop = async () => {
    signalProcess(pid, 'SIGTERM')
    await ended
  }
  const running = { pid, ended, stop }
  begun.push(running)
  return running
}

const supervised = (begin: () => Promise<Running>) => {
  const part = supervise({
    name: 'sleeper',
    begin,
    report: (line) => reports.push(line),
    onChange: () => undefined,
  })
  parts.push(part)
  return part
}

describe('supervise', () => {
  it('starts another process when the first one ends, and says so', async () => {
    const part = supervised(() => run('sleep 60'))
    await part.start()
    const first = part.running()?.pid ?? 0
    signalProcess(first, 'SIGKILL')
    await expect.poll(() => reports.length).toBe(2)
    const second = part.running()?.pid

    expect(second).not.toBe(first)
    expect(reports).toEqual([
      `sleeper (pid ${first}) has ended and is started again`,
      `sleeper runs again (pid ${second})`,
    ])
  })

  it('leaves it down after a stop, and when it was told to before it ended', async () => {
    const part = supervised(() => run('sleep 60'))
    await part.start()
    await part.stop()
    expect(part.running()).toBeUndefined()
    await part.start()
    await part.leave()
    signalProcess(part.running()?.pid ?? 0, 'SIGKILL')
    await expect.poll(() => reports.length).toBe(1)
    await new Promise((resolve) => setTimeout(resolve, 500))

    expect(part.running()).toBeUndefined()
    expect(begun).toHaveLength(2)
  })

  it('gives up what ends ten times in half a minute, and starts it when asked', async () => {
    const part = supervised(() => run('true'))
    await part.start()
    await expect
      .poll(() => reports.at(-1), { timeout: 20_000 })
      .toBe('sleeper is given up: it has ended 10 times in 30 s')

    expect(begun).toHaveLength(11)
    await part.start()
    expect(begun).toHaveLength(12)
  })

  it('goes on trying when a start fails', async () => {
    let starts = 0
    const part = supervised(() => {
      starts += 1
      return starts === 2 ? Promise.reject(new Error('not now')) : run('sleep 60')
    })
    await part.start()
    signalProcess(part.running()?.pid ?? 0, 'SIGKILL')
    await expect.poll(() => starts).toBe(3)
    await expect.poll(() => part.running()).toBeDefined()

    expect(reports).toContain('sleeper does not start: not now')
  })
})
