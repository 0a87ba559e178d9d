import { spawn } from 'node:child_process'
import { LocalError } from './local-error.ts'
import type { PostgresAccount } from './postgres-account.ts'

export interface RunOptions {
  readonly account: PostgresAccount
  readonly signal?: AbortSignal | undefined
}

/**
 * What PostgreSQL's programs see of our environment. No PG* variables, which would change ports and folders behind
 * our back; LC_ALL makes messages readable for us.
 */
export const programEnvironment = (): NodeJS.ProcessEnv => ({
  PATH: process.env['PATH'],
  LC_ALL: 'C',
})

/**
 * Runs a program of PostgreSQL to its end; throws with what it said when it fails. It leads a process group of its own,
 * so Ctrl-C in the terminal reaches us first and `signal` decides.
 */
export const runProgram = (
  file: string,
  args: readonly string[],
  { account, signal }: RunOptions,
): Promise<void> =>
  new Promise((resolve, reject) => {
    const command = account.wrap(file, args)
    const child = spawn(command.file, command.args, {
      ...command.ids,
      env: programEnvironment(),
      stdio: ['ignore', 'ignore', 'pipe'],
      detached: true,
      ...(signal && { signal }),
    })
    let said = ''
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => (said += chunk))
    child.on('error', (cause) =>
      reject(
        signal?.aborted ? cause : new LocalError(`cannot run ${file} (${account.name})`, { cause }),
      ),
    )
    child.on('close', (code) => {
      if (code === 0) resolve()
      else reject(new LocalError(`${file} (${account.name}) failed with ${code}: ${said.trim()}`))
    })
  })
