import { Command } from 'commander'
import { listReleases } from '../list-releases.ts'
import { withDatabase } from './with-database.ts'

export const releasesCommand = () =>
  new Command('releases')
    .description('list the releases and which one is live')
    .option('--json', 'print JSON')
    .action(({ json }: { json?: true }, command: Command) =>
      withDatabase(command, async (control) => {
        console.log(await listReleases(control, json === true))
      }),
    )
