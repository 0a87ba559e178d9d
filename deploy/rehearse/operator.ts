import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Cloud } from './cloud.ts'
import { cloudEnvironment } from './cloud.ts'
import { paths, root } from './folder.ts'
import { run, type RunResult } from './run.ts'
import { stackName } from './stack.ts'

/** Runs a command of deploy/bin as the person does who deploys. */
export type Operator = (
  command: string,
  args: readonly string[],
  options?: { mayFail?: boolean; databaseUrl?: string },
) => Promise<RunResult>

const secondsMax = 600

/** An operator whose `aws` asks moto, but whose Session Manager reaches the machines (session-manager.ts). */
export async function hireOperator(cloud: Cloud): Promise<Operator> {
  await mkdir(paths.bin, { recursive: true })
  const program = `#!/bin/sh
case "$1 $2" in
  'ssm send-command' | 'ssm get-command-invocation' | 'ssm start-session')
    exec ${root}/node_modules/.bin/tsx ${root}/deploy/rehearse/session-manager.ts "$@" ;;
esac
exec ${paths.venv}/bin/aws --endpoint-url ${cloud.endpoint} "$@"
`
  await writeFile(join(paths.bin, 'aws'), program, { mode: 0o755 })
  const env = { ...cloudEnvironment(), PATH: `${paths.bin}:${process.env['PATH']}` }
  return (command, args, { mayFail = false, databaseUrl } = {}) =>
    run(join(root, 'deploy/bin', command), ['--stack', stackName, ...args], {
      env: { ...env, ...(databaseUrl !== undefined && { DATABASE_URL: databaseUrl }) },
      mayFail,
      secondsMax,
    })
}
