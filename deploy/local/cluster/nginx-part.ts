import { createHash } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { findMemoryFolder } from '../../nginx/memory-folder.ts'
import { findNginx, startNginx } from '../../nginx/nginx-process.ts'
import { type NginxSettings, parseNginxSettings } from '../../nginx/settings.ts'
import { findFreePort } from '../free-port.ts'
import { LocalError } from '../local-error.ts'
import { signalProcess } from '../processes.ts'
import { type ClusterObserver, type ClusterPart, createPart } from './cluster-part.ts'
import { guardGroup } from './guard-group.ts'
import type { Running } from './supervise.ts'

export interface NginxPart extends ClusterPart {
  /** Where NGINX's own status and the instances' operations endpoints are answered. */
  readonly operationsUrl: string
  /** Removes the replies it has kept; only while it is down. */
  readonly forget: () => Promise<void>
}

export interface NginxPartOptions {
  /** Gets its configuration and log. */
  readonly dir: string
  readonly port: number
  /** Addresses of the instances, like 127.0.0.1:3000. */
  readonly instances: readonly string[]
  /** What a test wants otherwise. */
  readonly settings?: Partial<NginxSettings> | undefined
}

/** Throws, saying how to install it, when there is no NGINX. */
export const requireNginx = async () => {
  if ((await findNginx()) !== undefined) return
  throw new LocalError(
    'nginx is not installed: apt-get install nginx-light, dnf install nginx or brew install nginx',
  )
}

/** NGINX as on EC2, but that clients of this machine are not limited. */
export const createNginxPart = async (
  { dir, port, instances, settings: given }: NginxPartOptions,
  observer: ClusterObserver,
): Promise<NginxPart> => {
  // In memory, as on EC2: there /run is, and so is the folder of the kept replies.
  const memory = join(await findMemoryFolder(), `product-overview-cluster-${nameOf(dir)}`)
  const settings = parseNginxSettings({
    instances,
    listen: [`127.0.0.1:${port}`],
    operationsListen: `127.0.0.1:${await findFreePort()}`,
    runFolder: join(memory, 'run'),
    cacheFolder: join(memory, 'cache'),
    errorLog: join(dir, 'error.log'),
    // The data folder may be root's alone when root runs the cluster.
    user: process.getuid?.() === 0 ? 'root' : undefined,
    unlimitedClients: ['127.0.0.0/8'],
    connectionsPerClient: 65_535,
    ...given,
  })
  const part = createPart(
    {
      name: 'nginx',
      url: `http://127.0.0.1:${port}`,
      begin: () => beginNginx(settings, join(dir, 'config')),
    },
    observer,
  )
  const forget = () => rm(memory, { recursive: true, force: true })
  // What a killed cluster has left may be of another catalogue.
  await forget()
  return { ...part, operationsUrl: `http://${settings.operationsListen}`, forget }
}

const beginNginx = async (settings: NginxSettings, configFolder: string): Promise<Running> => {
  const nginx = await startNginx(settings, configFolder)
  const dismiss = guardGroup(nginx.pid)
  const ended = nginx.ended.then(() => {
    dismiss()
    // The workers of a killed master go on and hold the port; systemd ends them with their control group.
    signalProcess(-nginx.pid, 'SIGKILL')
  })
  return { pid: nginx.pid, ended, stop: () => nginx.stop() }
}

const nameOf = (dir: string) => createHash('sha256').update(dir).digest('hex').slice(0, 12)
