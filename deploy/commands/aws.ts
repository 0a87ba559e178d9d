import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)
const outputBytesMax = 16 * 1024 * 1024

/** Options of the CLI by name: `{ instanceIds: ['i-1', 'i-2'], overwrite: true }` is `--instance-ids i-1 i-2 --overwrite`. */
export type AwsOptions = Readonly<Record<string, string | readonly string[] | true>>

/** The AWS CLI, with the credentials and the region that its own settings say. */
export interface Aws {
  /** Runs a command that changes nothing, and gives its JSON; throws what the CLI says when it fails. */
  readonly read: (command: readonly string[], options: AwsOptions) => Promise<unknown>
  /** Runs a command that changes something; in a dry run it only says which. */
  readonly change: (command: readonly string[], options: AwsOptions) => Promise<unknown>
  readonly dryRun: boolean
}

export const awsCli = ({ dryRun }: { dryRun: boolean }): Aws => ({
  dryRun,
  read: async (command, options) => callAws(awsArguments(command, options)),
  change: async (command, options) => {
    const args = awsArguments(command, options)
    if (!dryRun) return callAws(args)
    console.log(`would run: aws ${args.join(' ')}`)
    return undefined
  },
})

/** The command line that a command and its options are, without the program's name. */
export const awsArguments = (command: readonly string[], options: AwsOptions): string[] => [
  ...command,
  ...Object.entries(options).flatMap(([name, value]) => [
    `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`,
    ...(value === true ? [] : [value].flat()),
  ]),
]

async function callAws(args: readonly string[]): Promise<unknown> {
  const { stdout } = await run('aws', [...args, '--output', 'json'], { maxBuffer: outputBytesMax })
  return stdout.trim() === '' ? undefined : JSON.parse(stdout)
}
