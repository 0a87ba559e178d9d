import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { describe } from 'vitest'
import { findFreePort } from '../../deploy/local/free-port.ts'
import { findMemoryFolder } from '../../deploy/nginx/memory-folder.ts'
import { findNginx, type NginxProcess, startNginx } from '../../deploy/nginx/nginx-process.ts'
import { type NginxSettings, parseNginxSettings } from '../../deploy/nginx/settings.ts'

// In CI nginx must be there: the tests then run, and fail without it.
const isLeftOut = (await findNginx()) === undefined && process.env['CI'] === undefined
if (isLeftOut) process.stderr.write('tests of NGINX are left out: apt-get install nginx-light\n')

/** describe for what needs a real nginx. */
export const describeNginx = isLeftOut ? describe.skip : describe

export interface NginxUnderTest extends NginxProcess {
  /** The public address. */
  readonly url: string
  readonly port: number
  readonly settings: NginxSettings
  readonly folder: string
  /** Ends it and removes its folder. */
  remove(): Promise<void>
}

/** NGINX in front of given instances, in a folder and on ports of its own, without limits unless a test sets them. */
export async function startNginxUnderTest(
  instances: readonly string[],
  given: Partial<NginxSettings> = {},
  folder?: string,
): Promise<NginxUnderTest> {
  const root = folder ?? (await mkdtemp(join(await findMemoryFolder(), 'product-overview-nginx-')))
  const port = await findFreePort()
  const settings = parseNginxSettings({
    instances,
    listen: [`127.0.0.1:${port}`],
    operationsListen: `127.0.0.1:${await findFreePort()}`,
    runFolder: join(root, 'run'),
    cacheFolder: join(root, 'cache'),
    // The temporary folder is root's alone when root runs the tests.
    user: process.getuid?.() === 0 ? 'root' : undefined,
    workerCount: 2,
    requestsPerSecond: 1_000_000,
    requestBurst: 1_000_000,
    connectionsPerClient: 65_535,
    ...given,
  })
  const nginx = await startNginx(settings, join(root, 'config')).catch(async (error: unknown) => {
    await rm(root, { recursive: true })
    throw error
  })
  return {
    ...nginx,
    url: `http://127.0.0.1:${port}`,
    port,
    settings,
    folder: root,
    remove: async () => {
      await nginx.stop('fast')
      await rm(root, { recursive: true, force: true })
    },
  }
}
