import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { findFreePort } from '../../deploy/local/free-port.ts'
import { childrenOf, signalProcess, waitForEnd } from '../../deploy/local/processes.ts'
import { findMemoryFolder } from '../../deploy/nginx/memory-folder.ts'
import { startNginx } from '../../deploy/nginx/nginx-process.ts'
import { parseNginxSettings } from '../../deploy/nginx/settings.ts'
import { describeNginx } from './nginx-fixture.ts'

const workerCount = 2
/** fetch asks nobody at this port (one of the Fetch Standard's bad ports): NGINX runs, and never seems to answer. */
const neverAskedPort = 10_080

describeNginx('NGINX that does not start', () => {
  let root: string
  let workers: number[] = []

  beforeEach(async () => {
    root = await mkdtemp(join(await findMemoryFolder(), 'product-overview-nginx-'))
  })

  afterEach(async () => {
    for (const worker of workers) signalProcess(worker, 'SIGKILL')
    await rm(root, { recursive: true, force: true })
  })

  const begin = async () => {
    const settings = parseNginxSettings({
      instances: ['127.0.0.1:1'],
      listen: [`127.0.0.1:${await findFreePort()}`],
      operationsListen: `127.0.0.1:${neverAskedPort}`,
      runFolder: join(root, 'run'),
      cacheFolder: join(root, 'cache'),
      user: process.getuid?.() === 0 ? 'root' : undefined,
      workerCount,
    })
    return startNginx(settings, join(root, 'config'))
  }
  const masterOf = async () =>
    Number(await readFile(join(root, 'run', 'nginx.pid'), 'utf8').catch(() => 0))

  it('leaves no worker that holds its port, though its master is dead', async () => {
    const failure = begin().then(String, (error: Error) => error.message)
    await expect.poll(masterOf).toBeGreaterThan(0)
    const master = await masterOf()
    await expect
      .poll(async () => (workers = await childrenOf(master)).length)
      .toBeGreaterThanOrEqual(workerCount)
    signalProcess(master, 'SIGKILL')

    expect(await failure).toContain('nginx did not start')
    expect(await Promise.all(workers.map((worker) => waitForEnd(worker, 2_000)))).not.toContain(
      false,
    )
  })
})
