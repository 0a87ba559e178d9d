import { once } from 'node:events'
import { Worker } from 'node:worker_threads'

/** A listening socket of 127.0.0.1 of which nothing is accepted here. */
export interface HeldSocket {
  readonly fd: number
  readonly port: number
}

export interface HeldSockets {
  readonly sockets: readonly HeldSocket[]
  /** Closes them; who was given one keeps it. */
  readonly release: () => Promise<void>
}

/**
 * Opens listening sockets on free ports and holds them, as systemd does for a socket unit: connections wait in them while the
 * process that accepts is replaced, and none is refused. Pass `fd` as the fourth stdio of a process, see `activated`.
 */
export const holdSockets = async (count: number): Promise<HeldSockets> => {
  const thread = new Worker(new URL('hold-sockets.mjs', import.meta.url), {
    workerData: { count },
    // What this process was started with, such as tsx, is of no use there and takes half a second.
    execArgv: [],
  })
  const [sockets] = (await once(thread, 'message')) as [HeldSocket[]]
  thread.unref()
  return {
    sockets,
    release: async () => {
      await thread.terminate()
    },
  }
}

/** What to spawn so that `file args` takes its fourth stdio for a socket that systemd passes; it keeps the process id. */
export const activated = (file: string, args: readonly string[]) => ({
  file: 'sh',
  // Only the process itself knows its id, before it becomes the program.
  args: ['-c', 'export LISTEN_PID=$$ LISTEN_FDS=1; exec "$0" "$@"', file, ...args],
})
