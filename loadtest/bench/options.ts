import { Command, InvalidArgumentError } from 'commander'
import type { ContestantName } from './contestant.ts'
import { contestants } from './contestants.ts'
import { workloads } from './workloads.ts'

/** What a bench is to do. */
export interface BenchOptions {
  readonly products: number
  readonly rounds: number
  readonly duration: number
  readonly connections: number
  readonly only: readonly ContestantName[]
  readonly workload: readonly string[]
  /** Besides the workloads: latency at 70 %, growth, and what the service takes up. */
  readonly parts: readonly Part[]
  readonly smoke: boolean
  readonly publish: boolean
}

const allParts = ['workloads', 'rates', 'growth', 'footprint'] as const
type Part = (typeof allParts)[number]

/** What stands for an option that is not given, when all shall be tried and nothing measured. */
const smokeDefaults = {
  products: 2_000,
  rounds: 1,
  duration: 1,
  workload: ['styles-cold', 'styles-hot', 'not-modified', 'nginx-hot'],
  parts: ['workloads', 'footprint'],
} as const

/** Reads the command line; ends the process with a message when it is wrong. */
export const readOptions = (args: readonly string[]): BenchOptions => {
  const command = new Command('bench')
    .description(
      'Runs the service beside what one would use otherwise and beside the physical limits, on the same data.',
    )
    .addHelpText('after', databaseHelp)
    .option(
      '--products <n>',
      'how large a catalogue (default: 100000)',
      wholeNumber(100, 1_000_011),
    )
    .option('--rounds <n>', 'rounds, each in fresh processes (default: 3)', wholeNumber(1, 100))
    .option(
      '--duration <seconds>',
      'how long a round is measured (default: 5)',
      wholeNumber(1, 600),
    )
    .option('--connections <n>', 'connections of the load', wholeNumber(1, 1000), 64)
    .option('--only <names>', `contestants, of ${names(contestants)}`, listOf(contestants))
    .option('--workload <names>', `workloads, of ${names(workloadNames)}`, listOf(workloadNames))
    .option('--parts <names>', `parts, of ${names(partNames)}`, listOf(partNames))
    .option('--smoke', 'seconds only, to see that all of it works; checks every answer', false)
    .option('--publish', 'write the result into loadtest/RESULTS.md', false)
    .showHelpAfterError('(add --help for what is possible)')
    .parse(args, { from: 'user' })
  for (const [name, value] of Object.entries(defaultsFor(command.opts<BenchOptions>().smoke))) {
    if (command.getOptionValueSource(name) === undefined) command.setOptionValue(name, value)
  }
  return command.opts<BenchOptions>()
}

const databaseHelp = `
With DATABASE_URL it makes databases named product_overview_bench_<products> there; without, it starts a
PostgreSQL of its own, which keeps them for the next time.`

/** What stands for an option that is not given. */
const defaultsFor = (smoke: boolean) => ({
  products: 100_000,
  rounds: 3,
  duration: 5,
  only: Object.keys(contestants),
  workload: Object.keys(workloadNames),
  parts: allParts,
  ...(smoke && smokeDefaults),
})

const workloadNames = Object.fromEntries(workloads.map(({ name }) => [name, true]))
const partNames = Object.fromEntries(allParts.map((name) => [name, true]))

const names = (known: object) => Object.keys(known).join(', ')

const wholeNumber = (min: number, max: number) => (text: string) => {
  const number = Number(text)
  if (Number.isInteger(number) && number >= min && number <= max) return number
  throw new InvalidArgumentError(`expected a whole number from ${min} to ${max}`)
}

const listOf = (known: object) => (text: string) => {
  const given = text.split(',')
  const unknown = given.find((name) => !Object.hasOwn(known, name))
  if (unknown === undefined) return given
  throw new InvalidArgumentError(`expected names of ${names(known)}, came ${unknown}`)
}
