import { Command, Option } from 'commander'
import { diffReleases, expectHere } from '../diff.ts'
import { printDiff } from '../print-diff.ts'
import { percent, releaseNumber } from './arguments.ts'
import { withDatabase } from './with-database.ts'

interface Flags {
  json?: true
  priceMove: number
}

/** The share that a price must have moved to be counted; the same for `diff` and `import --dry-run`. */
export const priceMoveOption = () =>
  new Option('--price-move <percent>', 'count prices that moved by more')
    .argParser(percent)
    .default(0.2, '20')

export const diffCommand = () =>
  new Command('diff')
    .description('say what differs between two releases: products and prices')
    .argument('<from>', 'the number of a release', releaseNumber)
    .argument('<to>', 'the number of another', releaseNumber)
    .addOption(priceMoveOption())
    .option('--json', 'print JSON')
    .action((from: number, to: number, flags: Flags, command: Command) =>
      withDatabase(command, async (control) => {
        await expectHere(control, from)
        await expectHere(control, to)
        const diff = await diffReleases(control, from, to, flags.priceMove)
        console.log(flags.json ? JSON.stringify(diff) : printDiff(diff, flags.priceMove))
      }),
    )
