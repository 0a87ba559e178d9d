import { spawn } from 'node:child_process'
import { programPath } from './postgres-binaries.ts'
import type { PostgresSite } from './postgres-site.ts'
import { programEnvironment } from './run-program.ts'

/**
 * Has PostgreSQL stopped when this process ends in a way that runs no code of ours (kill -9, a crash, a CI's time limit):
 * a shell waits for the end of a pipe that only we hold open, and then calls pg_ctl. Returns its dismissal.
 */
export const guardPostgres = (site: PostgresSite): (() => void) => {
  const { file, args, ids } = site.account.wrap('sh', [
    '-c',
    // pg_ctl finds the server by its pid file, so it never hits another process that got the number.
    'read -r nothing; exec "$0" stop -D "$1" -m fast',
    programPath(site.binaries, 'pg_ctl'),
    site.dataDir,
  ])
  const guardian = spawn(file, args, {
    ...ids,
    env: programEnvironment(),
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  })
  guardian.unref()
  // Without it we go on: the next start finds what was left behind.
  guardian.on('error', () => undefined)
  return () => guardian.kill('SIGKILL')
}
