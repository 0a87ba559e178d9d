import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { watchSources } from '../../../deploy/local/watch-sources.ts'

/** Longer than changes are gathered, also on a busy machine. */
const quietMs = 1_000

let root: string
let stopping: AbortController
let changes: number

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'product-overview-watch-'))
  await mkdir(join(root, 'lib', 'inner'), { recursive: true })
  stopping = new AbortController()
  changes = 0
  await watchSources(root, ['lib'], () => changes++, stopping.signal)
})

afterEach(async () => {
  stopping.abort()
  await rm(root, { recursive: true })
})

describe('watchSources', () => {
  it('calls once for several changes at once, in the root and in its rooms', async () => {
    await writeFile(join(root, 'server.ts'), '1')
    await writeFile(join(root, 'lib', 'door.ts'), '1')
    await writeFile(join(root, 'lib', 'inner', 'new.ts'), '1')
    await sleep(quietMs)

    expect(changes).toBe(1)
  })

  it('is not concerned with other files and other folders', async () => {
    await mkdir(join(root, 'dist'))
    await writeFile(join(root, 'dist', 'server.ts'), '1')
    await writeFile(join(root, 'lib', 'notes.txt'), '1')
    await sleep(quietMs)

    expect(changes).toBe(0)
  })

  it('ends when it is told to', async () => {
    stopping.abort()
    await writeFile(join(root, 'server.ts'), '1')
    await sleep(quietMs)

    expect(changes).toBe(0)
  })
})
