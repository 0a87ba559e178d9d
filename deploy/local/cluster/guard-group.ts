import { spawn } from 'node:child_process'

/**
 * Has the processes of a group told to end when this process ends in a way that runs no code of ours, as kill -9: a shell
 * waits for the end of a pipe that only we hold open. Frozen ones are thawed, so that they hear it. Returns its dismissal.
 */
export const guardGroup = (pgid: number): (() => void) => {
  const script = 'read -r nothing; kill -TERM "-$0"; kill -CONT "-$0"'
  const guardian = spawn('sh', ['-c', script, String(pgid)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    // Ctrl-C in the terminal is for us, who end everything in order.
    detached: true,
  })
  guardian.unref()
  guardian.on('error', () => undefined)
  return () => guardian.kill('SIGKILL')
}
