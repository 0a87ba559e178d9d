import { Command } from 'commander'
import { dropRelease } from '../publish.ts'
import { releaseNumber } from './arguments.ts'
import { withDatabase } from './with-database.ts'

export const dropCommand = () =>
  new Command('drop')
    .description('remove the tables of a release that is not live')
    .argument('<release>', 'its number', releaseNumber)
    .action((release: number, _flags: object, command: Command) =>
      withDatabase(command, async (control) => {
        await dropRelease(control, release)
        console.log(`release ${release} is dropped`)
      }),
    )
