import { Command } from 'commander'
import { publishRelease } from '../publish.ts'
import { releaseNumber } from './arguments.ts'
import { withDatabase } from './with-database.ts'

export const publishCommand = () =>
  new Command('publish')
    .description('make a release the live one, also one that a gate refused')
    .argument('<release>', 'its number', releaseNumber)
    .action((release: number, _flags: object, command: Command) =>
      withDatabase(command, async (control) => {
        await publishRelease(control, release)
        console.log(`release ${release} is live`)
      }),
    )
