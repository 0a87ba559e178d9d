import { Command } from 'commander'
import { rollBack } from '../publish.ts'
import { releaseNumber } from './arguments.ts'
import { withDatabase } from './with-database.ts'

export const rollbackCommand = () =>
  new Command('rollback')
    .description('make an earlier release the live one again, at once')
    .argument('[release]', 'its number (default: the one published before)', releaseNumber)
    .action((release: number | undefined, _flags: object, command: Command) =>
      withDatabase(command, async (control) => {
        console.log(`release ${await rollBack(control, release)} is live again`)
      }),
    )
