import { Command, InvalidArgumentError } from 'commander'

export const walLevels = ['minimal', 'replica'] as const
export type WalLevel = (typeof walLevels)[number]

export interface EtlBenchOptions {
  readonly products: number
  readonly rounds: number
  readonly wal: readonly WalLevel[]
  /** Sizes of catalogue that are compared; empty for none. */
  readonly growth: readonly number[]
  /** What the import reads instead of a generated folder. */
  readonly dir?: string
  /** What the plain copy reads instead of the undamaged twin of that folder. */
  readonly plainDir?: string
  readonly jobs?: number
  readonly publish: boolean
  /** Measure reads beside an import, a publication and a drop instead. */
  readonly reads: boolean
  readonly readsPerSecond: number
}

const productsMax = 1_000_011
const growthSizes = [10_000, 100_000, productsMax]

/** Reads the command line; ends the process with a message when it is wrong. */
export const readOptions = (args: readonly string[]): EtlBenchOptions => {
  const options = new Command('bench:etl')
    .description(
      'Times an import against `psql \\copy` of the same rows into bare unlogged tables.',
    )
    .option('--products <n>', 'how large a catalogue', wholeNumber(1, productsMax), productsMax)
    .option('--rounds <n>', 'pairs of runs at each wal_level', wholeNumber(1, 20), 3)
    .option('--wal <levels>', `of ${walLevels.join(', ')}`, listOfLevels, [...walLevels])
    .option('--growth <sizes>', 'products, divided by commas; "none" for none', listOfSizes)
    .option('--dir <dir>', 'a folder of six files to import instead of a generated one')
    .option('--plain-dir <dir>', 'a folder of six undamaged files for the plain copy')
    .option('--jobs <n>', 'connections of the import', wholeNumber(1, 64))
    .option('--reads', 'measure how long reads take beside the ETL instead', false)
    .option('--reads-per-second <n>', 'of each service', wholeNumber(1, 5_000), 200)
    .option('--publish', 'write the tables into loadtest/etl-bench/README.md', false)
    .addHelpText('after', notes)
    .showHelpAfterError('(add --help for what is possible)')
    .parse(args, { from: 'user' })
    .opts<EtlBenchOptions>()
  return { ...options, growth: options.growth ?? growthFor(options) }
}

const notes = `
Generated folders are kept below .data/etl-bench for the next time: 4.3 GB for the full set. A database server of its own is
started for each wal_level and removed with all its data: up to 20 GB meanwhile.`

const growthFor = ({ products, dir }: EtlBenchOptions) =>
  dir === undefined ? growthSizes.filter((size) => size <= products) : []

const wholeNumber = (min: number, max: number) => (text: string) => {
  const number = Number(text)
  if (Number.isInteger(number) && number >= min && number <= max) return number
  throw new InvalidArgumentError(`expected a whole number from ${min} to ${max}`)
}

const listOfLevels = (text: string): WalLevel[] =>
  text.split(',').map((name) => {
    const level = walLevels.find((known) => known === name)
    if (level !== undefined) return level
    throw new InvalidArgumentError(`expected ${walLevels.join(' or ')}, came ${name}`)
  })

const listOfSizes = (text: string) =>
  text === 'none' ? [] : text.split(',').map(wholeNumber(1, productsMax))
