import { spawn } from 'node:child_process'
import { programPath } from './postgres-binaries.ts'
import type { PostgresSite } from './postgres-site.ts'
import { programEnvironment } from './run-program.ts'

/**
 * Has PostgreSQL stopped when this process ends in a way that runs no code of ours (kill -9, a crash, a CI's time limit):
 * a shell waits for the end of a pipe that only we hold open, and then calls pg_ctl, as hard as is needed. One that is frozen is
 * thawed, so that it hears it. Returns its dismissal.
 */
export const guardPostgres = (site: PostgresSite): (() => void) => {
  const { file, args, ids } = site.account.wrap('sh', [
    '-c',
    script,
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

// pg_ctl finds the server by its pid file. Each of its children leads a group of its own, and a fast stop waits for all of
// them: all are thawed. The limit is that of an orderly stop (postmaster.ts).
const script = `
read -r nothing
pid=$(head -n 1 "$1/postmaster.pid") || exit
kill -CONT "$pid" $(cat "/proc/$pid/task/$pid/children" || pgrep -P "$pid")
"$0" stop -D "$1" -m fast -t 30 || exec "$0" stop -D "$1" -m immediate`
