import { execFile } from 'node:child_process'
import { cpus, release, totalmem, type } from 'node:os'
import { promisify } from 'node:util'
import type { BenchPostgres } from './postgres.ts'
import type { Machine } from './results.ts'

const run = promisify(execFile)

/** What the figures were measured on. */
export const describeMachine = async (postgres: BenchPostgres): Promise<Machine> => ({
  cpu: cpus()[0]?.model.trim() ?? 'unknown',
  cores: cpus().length,
  memoryBytes: totalmem(),
  system: `${type()} ${release()}`,
  versions: {
    node: process.versions.node,
    postgres: postgres.version,
    ...(await versionOf('nginx', ['-v'], /nginx\/([\d.]+)/)),
    ...(await versionOf('redis-server', ['--version'], /v=([\d.]+)/)),
    // wrk says its version with its usage and an exit code of 1.
    ...(await versionOf('wrk', ['-v'], /wrk (\S+)/)),
  },
  postgresSettings: postgres.settings,
})

/** The commit that is checked out; with a plus when files differ from it. */
export const currentCommit = async (): Promise<string> => {
  try {
    const { stdout: commit } = await run('git', ['rev-parse', '--short=10', 'HEAD'])
    const { stdout: changes } = await run('git', ['status', '--porcelain', '--untracked-files=no'])
    return commit.trim() + (changes === '' ? '' : '+')
  } catch {
    return 'unknown'
  }
}

const versionOf = async (program: string, args: readonly string[], pattern: RegExp) => {
  const { stdout, stderr } = await run(program, [...args]).catch(
    (error: { stdout?: string; stderr?: string }) => ({
      stdout: error.stdout ?? '',
      stderr: error.stderr ?? '',
    }),
  )
  const version = pattern.exec(stdout + stderr)?.[1]
  return version === undefined ? {} : { [program]: version }
}
