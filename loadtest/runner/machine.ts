import { spawnSync } from 'node:child_process'
import { availableParallelism, cpus, totalmem } from 'node:os'

/** What a measurement must be read with: the machine and the commit it was made on. */
export interface Machine {
  readonly cpu: string
  readonly cores: number
  readonly memoryGb: number
  readonly commit: string
}

export function describeMachine(): Machine {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown CPU',
    cores: availableParallelism(),
    memoryGb: Math.round(totalmem() / 1024 ** 3),
    commit: commit(),
  }
}

// A tree with changes is no commit: its figures cannot be repeated from the history.
function commit(): string {
  const asked = ['describe', '--always', '--dirty', '--exclude=*']
  const { stdout, status } = spawnSync('git', asked, { encoding: 'utf8' })
  return status === 0 ? stdout.trim() : 'no repository'
}
