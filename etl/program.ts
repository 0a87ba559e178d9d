import { Command, Option } from 'commander'
import { diffCommand } from './commands/diff.ts'
import { dropCommand } from './commands/drop.ts'
import { generateCommand } from './commands/generate.ts'
import { importCommand } from './commands/import.ts'
import { publishCommand } from './commands/publish.ts'
import { pushCommand } from './commands/push.ts'
import { releasesCommand } from './commands/releases.ts'
import { rollbackCommand } from './commands/rollback.ts'

/** The command line: every command, one line. */
export function createProgram(): Command {
  const program = new Command('etl')
    .description('Turns a folder of six CSV files into a release of the catalogue.')
    .addOption(new Option('--database <url>', 'the PostgreSQL to work on').env('DATABASE_URL'))
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'etl: ')) })

  const commands = [
    generateCommand(),
    importCommand(),
    releasesCommand(),
    diffCommand(),
    publishCommand(),
    rollbackCommand(),
    dropCommand(),
    pushCommand(),
  ]
  for (const command of commands) program.addCommand(command.copyInheritedSettings(program))
  program.showHelpAfterError('(add --help for what is possible)')
  return program
}
