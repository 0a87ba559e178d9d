import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { type ClusterPart, createPart } from '../../../deploy/local/cluster/cluster-part.ts'
import { isRunning } from '../../../deploy/local/processes.ts'

/** So that a kill can meet a start that is under way; PostgreSQL takes as long. */
const startMs = 500
let starts = 0
let part: ClusterPart

const begin = async () => {
  starts += 1
  await sleep(startMs)
  const child = spawn('sleep', ['60'])
  await once(child, 'spawn')
  const ended = once(child, 'exit')
  const stop = async () => {
    child.kill()
    await ended
  }
  return { pid: child.pid ?? 0, ended, stop }
}

const startPart = async () => {
  starts = 0
  const observer = { report: () => undefined, onChange: () => undefined }
  part = createPart({ name: 'sleeper', url: '', begin }, observer)
  await part.start()
}

afterEach(() => part.stop())

describe('a part that is killed', () => {
  it('stays down when it is told to while it is being started again', async () => {
    await startPart()
    await part.kill()
    await expect.poll(() => starts).toBe(2)
    await part.kill({ staysDown: true })

    expect(part.isRunning()).toBe(false)
    expect(await isRunning(part.pid())).toBe(false)
    await sleep(2 * startMs)
    expect(starts).toBe(2)
    expect(part.isRunning()).toBe(false)
  })

  it('stays down when it is told to before it is started again, until it is started', async () => {
    await startPart()
    await part.kill()
    await part.kill({ staysDown: true })
    await sleep(2 * startMs)

    expect(starts).toBe(1)
    await part.start()
    expect(part.isRunning()).toBe(true)
  })
})
