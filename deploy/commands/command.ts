import { Command } from 'commander'
import { type Aws, awsCli } from './aws.ts'

export interface CommonOptions {
  readonly stack: string
  readonly dryRun: boolean
}

/** A command of deploy/bin with the options that all of them have. */
export const deployCommand = (name: string, description: string) =>
  new Command(name)
    .description(
      `${description}\nSafe to run twice. Region and credentials are those of the AWS CLI.`,
    )
    .option('--stack <name>', 'the stack made from deploy/aws/service.yaml', 'product-overview')
    .option('--dry-run', 'change nothing, say what would be done', false)

/** Runs a command line; what is wrong goes to standard error, without a stack trace, and the exit code is 1. */
export async function runCommand(command: Command): Promise<void> {
  try {
    await command.parseAsync()
  } catch (error) {
    console.error(`${command.name()}: ${(error as Error).message}`)
    process.exitCode = 1
  }
}

/** The AWS CLI as the options want it. */
export const awsFor = ({ dryRun }: CommonOptions): Aws => awsCli({ dryRun })
