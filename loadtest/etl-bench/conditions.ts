import { execFile } from 'node:child_process'
import { cpus, release, totalmem, type } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { findServerPrograms } from './server-programs.ts'

const run = promisify(execFile)

/** What the figures were measured on. */
export interface Conditions {
  readonly cpu: string
  readonly cores: number
  readonly memoryBytes: number
  readonly system: string
  readonly node: string
  readonly postgres: string
}

export const describeConditions = async (): Promise<Conditions> => {
  const { programs } = await findServerPrograms()
  const { stdout } = await run(join(programs, 'postgres'), ['--version'])
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryBytes: totalmem(),
    system: `${type()} ${release()}`,
    node: process.versions.node,
    postgres: /[\d.]+/.exec(stdout)?.[0] ?? 'unknown',
  }
}
