import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { open } from 'node:fs/promises'
import { activated, type HeldSocket } from '../held-sockets.ts'
import { signalProcess } from '../processes.ts'
import { guardGroup } from './guard-group.ts'
import type { Running } from './supervise.ts'

/** TimeoutStopSec of deploy/systemd/product-overview-api.service. */
const stopMsMax = 20_000

export interface InstanceOptions {
  /** The bundle, dist/server.js. */
  readonly server: string
  readonly socket: HeldSocket
  readonly env: NodeJS.ProcessEnv
  /** Written on by one process after the other. */
  readonly logFile: string
}

/** Starts an instance on a held socket as systemd starts its unit; resolves when the process is there, before it is ready. */
export const startInstance = async (options: InstanceOptions): Promise<Running> => {
  const { server, socket, env, logFile } = options
  const { file, args } = activated(process.execPath, ['--enable-source-maps', server])
  const log = await open(logFile, 'a', 0o600)
  try {
    const child = spawn(file, args, {
      env: { PATH: process.env['PATH'], ...env },
      stdio: ['ignore', log.fd, log.fd, socket.fd],
      // A group of its own: Ctrl-C in the terminal is for us, who drain it before its databases stop.
      detached: true,
    })
    await once(child, 'spawn')
    const pid = child.pid as number
    const ended = once(child, 'exit').then(guardGroup(pid))
    return { pid, ended, stop: () => stopInstance(pid, ended) }
  } finally {
    await log.close()
  }
}

const stopInstance = async (pid: number, ended: Promise<unknown>) => {
  const kill = setTimeout(() => signalProcess(pid, 'SIGKILL'), stopMsMax)
  signalProcess(pid, 'SIGTERM')
  signalProcess(pid, 'SIGCONT')
  await ended
  clearTimeout(kill)
}
