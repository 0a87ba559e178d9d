import { ConfigError } from './config.ts'

/** Where the descriptors that a service manager passes begin (sd_listen_fds(3)). */
const firstFd = 3
const variables = ['LISTEN_PID', 'LISTEN_FDS', 'LISTEN_FDNAMES', 'LISTEN_PIDFDID']

/**
 * The descriptor of the listening socket that systemd holds for this process, or undefined when it was started without one. The
 * variables that say so are taken out of `env`, so that no process of ours takes them for its own. Throws a ConfigError
 * when it is not exactly one socket.
 */
export const takeInheritedSocket = (env: NodeJS.ProcessEnv, pid: number): number | undefined => {
  const { LISTEN_PID: forPid, LISTEN_FDS: count } = env
  for (const name of variables) delete env[name]
  // Variables that were meant for another process, from which ours has inherited them, count for nothing.
  if (forPid !== String(pid) || count === undefined || count === '0') return undefined
  if (count === '1') return firstFd
  throw new ConfigError(
    `LISTEN_FDS is ${JSON.stringify(count)}: expected 1, a socket unit with one ListenStream`,
  )
}
