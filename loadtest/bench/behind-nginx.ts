import { execFile } from 'node:child_process'
import { constants } from 'node:fs'
import { access, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { type Child, startChild, waitUntilReady } from './child.ts'
import type { Running } from './contestant.ts'
import { findFreePort } from './free-port.ts'
import { type NodeServer, answers } from './node-server.ts'
import { startService } from './service.ts'
import type { Stage } from './stage.ts'
import { whichProgram } from './which-program.ts'
import { typicalPath, type Workload } from './workloads.ts'

const startMsMax = 10_000

/** As in production: on a disk, NGINX's kept replies cost ten times what they cost in memory, and those on their way a third more. */
const memoryFolder = '/dev/shm'

/**
 * Starts instances of the service and NGINX before them, with the configuration that production has. NGINX keeps its
 * own cache whatever the workload says: cold requests miss it because each asks for another product.
 */
export const startBehindNginx = async (
  stage: Stage,
  caches: Workload['caches'],
  instances: number,
): Promise<Running> => {
  const services: NodeServer[] = []
  for (let instance = 1; instance <= instances; instance++) {
    services.push(await startService(stage, { caches }, instance))
  }
  const nginx = await startNginx(
    stage,
    services.map(({ origin }) => new URL(origin).host),
  )
  return {
    origin: nginx.origin,
    serverPids: services.map(({ child }) => child.pid),
    helperPids: [nginx.child.pid],
    fillsByAsking: true,
    stop: async () => {
      await nginx.child.stop()
      await rm(nginx.memory, { recursive: true, force: true })
      await Promise.all(services.map(({ child }) => child.stop()))
    },
  }
}

const startNginx = async (
  { directory, catalogue }: Stage,
  instances: readonly string[],
): Promise<{ child: Child; origin: string; memory: string }> => {
  const folder = resolve(directory, 'behind-nginx')
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  const memory = await makeMemoryFolder()
  const [listen, operationsListen] = [await localAddress(), await localAddress()]
  await writeConfiguration(folder, {
    instances,
    listen: [listen],
    operationsListen,
    runFolder: join(memory, 'run'),
    cacheFolder: join(memory, 'cache'),
    // All requests come from one client here.
    unlimitedClients: ['127.0.0.0/8'],
    // The workers must reach the folder, which may lie below a home that is closed to others.
    ...(process.getuid?.() === 0 && { user: 'root' }),
  })
  const child = await startChild({
    command: (await whichProgram('nginx')) ?? 'nginx',
    args: ['-e', 'stderr', '-p', folder, '-c', join(folder, 'nginx.conf'), '-g', 'daemon off;'],
    log: join(directory, 'behind-nginx.log'),
  })
  const origin = `http://${listen}`
  const isReady = () => answers(`${origin}${typicalPath(catalogue)}`)
  await waitUntilReady('NGINX', [child], isReady, startMsMax)
  return { child, origin, memory }
}

const makeMemoryFolder = async () => {
  const inMemory = access(memoryFolder, constants.W_OK)
  const parent = await inMemory.then(
    () => memoryFolder,
    () => tmpdir(),
  )
  return mkdtemp(join(parent, 'product-overview-bench-'))
}

const localAddress = async () => `127.0.0.1:${await findFreePort()}`

const writeConfiguration = async (folder: string, settings: object) => {
  const file = join(folder, 'settings.json')
  await writeFile(file, JSON.stringify(settings))
  await promisify(execFile)(process.execPath, [
    '--import=tsx',
    'deploy/nginx/cli.ts',
    `--settings=${file}`,
    `--out=${folder}`,
  ])
}
