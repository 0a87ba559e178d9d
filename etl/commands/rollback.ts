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
        const startedMs = performance.now()
        const live = await rollBack(control, release)
        const tookMs = Math.ceil(performance.now() - startedMs)
        console.log(`release ${live} is live again, after ${tookMs} ms`)
      }),
    )
