import { writeFile } from 'node:fs/promises'
import { Command, Option } from 'commander'
import { EtlError } from '../etl-error.ts'
import { defaultGateLimits } from '../gates.ts'
import { importCatalogue, rehearseImport } from '../import.ts'
import { patchCatalogue } from '../patch.ts'
import { printPatch } from '../print-patch.ts'
import { printRehearsal, printSummary } from '../print-summary.ts'
import { keptDefault, keptMin } from '../retention.ts'
import { keptMax, percent, wholeNumber } from './arguments.ts'
import { priceMoveOption } from './diff.ts'
import { interruption } from './interruption.ts'
import { progressFor } from './progress-for.ts'
import { databaseUrl } from './with-database.ts'

/** An import that loaded everything and was refused by a gate ends with this code, so that scripts can tell. */
const refusedExitCode = 3
const jobsMax = 64

interface Flags {
  rejects?: string
  summary?: string
  json?: true
  publish: boolean
  jobs?: number
  dryRun?: true
  patch?: true
  priceMove: number
  keep: number
  maxRejected: number
  maxOrphans: number
  maxShrink: number
}

export const importCommand = () =>
  new Command('import')
    .description('check, load and publish the six files of a folder')
    .argument(
      '<dir>',
      'the folder of product.csv, features.csv, styles.csv, photos.csv, skus.csv, related.csv',
    )
    .option('--rejects <dir>', 'where rejected rows are written (default: rejects/<release>)')
    .option('--summary <file>', 'write the summary as JSON')
    .option('--json', 'report progress and the summary as JSON lines')
    .option(
      '--dry-run',
      'check and report everything, the difference to the live release too; leave nothing behind',
    )
    .addOption(priceMoveOption())
    .option('--keep <n>', 'how many releases stay', wholeNumber(keptMin, keptMax), keptDefault)
    .addOption(
      new Option(
        '--patch',
        'insert or update the rows of <dir> (any of the six files, or mended reject files) in the live release, at once',
      ).conflicts(ofWholeReleases),
    )
    .option('--no-publish', 'leave the release ready, to be published by `etl publish`')
    .option(
      '--jobs <n>',
      'connections that work at once (default: one more than there are processors)',
      wholeNumber(1, jobsMax),
    )
    .addOption(gate('rejected', 'more of a file is rejected', defaultGateLimits.rejectedShareMax))
    .addOption(gate('orphans', 'more of a file lacks its parent', defaultGateLimits.orphanShareMax))
    .addOption(
      gate('shrink', 'a file lost more since the live release', defaultGateLimits.shrinkShareMax),
    )
    .addHelpText(
      'after',
      `
Exit codes: 0 done, 1 failed (nothing changed), 3 loaded but refused by a limit (nothing published;
\`etl publish\` can overrule), 130 interrupted. Shares count from ${defaultGateLimits.rowsMin} rows up.`,
    )
    .action(runImport)

/** What says nothing about a patch: taken in silence, `--no-publish` would be believed to keep it from the readers. */
const ofWholeReleases: (keyof Flags)[] = [
  'dryRun',
  'priceMove',
  'keep',
  'publish',
  'jobs',
  'maxRejected',
  'maxOrphans',
  'maxShrink',
]

const gate = (name: string, what: string, shareMax: number) =>
  new Option(`--max-${name} <percent>`, `refuse when ${what}`)
    .argParser(percent)
    .default(shareMax, String(100 * shareMax))

async function runImport(dir: string, flags: Flags, command: Command): Promise<void> {
  if (flags.patch) return runPatch(dir, flags, command)
  const progress = progressFor(flags.json === true)
  const options = { ...optionsOf(flags), databaseUrl: databaseUrl(command), dir, progress }
  const work = flags.dryRun ? rehearseImport(options, flags.priceMove) : importCatalogue(options)
  const summary = await work.finally(() => progress.close())
  if (flags.json) console.log(JSON.stringify({ summary }))
  else console.log(flags.dryRun ? printRehearsal(summary, flags.priceMove) : printSummary(summary))
  if (flags.summary !== undefined) await writeSummary(flags.summary, summary)
  if (summary.refusals.length > 0) process.exitCode = refusedExitCode
}

async function runPatch(dir: string, flags: Flags, command: Command): Promise<void> {
  const progress = progressFor(flags.json === true)
  const summary = await patchCatalogue({
    databaseUrl: databaseUrl(command),
    dir,
    rejectsDir: flags.rejects,
    progress,
    signal: interruption(),
  }).finally(() => progress.close())
  console.log(flags.json ? JSON.stringify({ summary }) : printPatch(summary))
  if (flags.summary !== undefined) await writeSummary(flags.summary, summary)
}

const optionsOf = (flags: Flags) => ({
  rejectsDir: flags.rejects,
  publish: flags.publish,
  kept: flags.keep,
  jobsMax: flags.jobs,
  gates: {
    rejectedShareMax: flags.maxRejected,
    orphanShareMax: flags.maxOrphans,
    shrinkShareMax: flags.maxShrink,
  },
  signal: interruption(),
})

async function writeSummary(path: string, summary: unknown): Promise<void> {
  try {
    await writeFile(path, `${JSON.stringify(summary, null, 2)}\n`)
  } catch (error) {
    throw new EtlError(
      `the import is done, but its summary cannot be written: ${(error as Error).message}`,
    )
  }
}
