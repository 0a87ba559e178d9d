#!/usr/bin/env node
import { writeFile } from 'node:fs/promises'
import { Command, InvalidArgumentError, Option } from 'commander'
import { type Client, DatabaseError } from 'pg'
import { EtlError } from './etl-error.ts'
import { defaultGateLimits } from './gates.ts'
import { generateCatalogue } from './generate.ts'
import { importCatalogue } from './import.ts'
import { listReleases } from './list-releases.ts'
import { printSummary } from './print-summary.ts'
import { progressBars } from './progress-bars.ts'
import { progressJson, progressLines } from './progress-lines.ts'
import type { Progress } from './progress.ts'
import { dropRelease, publishRelease, rollBack } from './publish.ts'
import { prepareCatalog } from './release.ts'
import { connectControl } from './session.ts'

/** An import that loaded everything and was refused by a gate ends with this code, so that scripts can tell. */
const refusedExitCode = 3
const interruptedExitCode = 130

const program = new Command('etl')
  .description('Turns a folder of six CSV files into a release of the catalogue.')
  .addOption(new Option('--database <url>', 'the PostgreSQL to work on').env('DATABASE_URL'))
  .showHelpAfterError('(add --help for what is possible)')
  .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'etl: ')) })

program
  .command('generate')
  .description('write a sample catalogue in the exact format, with every kind of dirt')
  .requiredOption('--out <dir>', 'the folder to write the six files and manifest.json to')
  .option('--products <n>', 'how many products, up to 1,000,011', wholeNumber(1, 1_000_011), 10_000)
  .option('--seed <n>', 'the same seed gives the same bytes', wholeNumber(0, 2 ** 31 - 1), 1)
  .action(generate)

program
  .command('import')
  .description('check, load and publish the six files of a folder')
  .argument(
    '<dir>',
    'the folder of product.csv, features.csv, styles.csv, photos.csv, skus.csv, related.csv',
  )
  .option('--rejects <dir>', 'where rejected rows are written (default: rejects/<release>)')
  .option('--summary <file>', 'write the summary as JSON')
  .option('--json', 'report progress and the summary as JSON lines')
  .option('--no-publish', 'leave the release ready, to be published by `etl publish`')
  .option(
    '--jobs <n>',
    'connections that work at once (default: one a processor)',
    wholeNumber(1, 64),
  )
  .option(
    '--max-rejected <percent>',
    'refuse when more of a file is rejected',
    percent,
    defaultGateLimits.rejectedShareMax,
  )
  .option(
    '--max-orphans <percent>',
    'refuse when more of a file lacks its parent',
    percent,
    defaultGateLimits.orphanShareMax,
  )
  .option(
    '--max-shrink <percent>',
    'refuse when a file lost more against the live release',
    percent,
    defaultGateLimits.shrinkShareMax,
  )
  .addHelpText(
    'after',
    `
Exit codes: 0 published, 1 failed (nothing changed), 3 loaded but refused by a limit (nothing
published; \`etl publish\` can overrule), 130 interrupted. Shares count from ${defaultGateLimits.rowsMin} rows up.`,
  )
  .action(runImport)

program
  .command('releases')
  .description('list the releases and which one is live')
  .option('--json', 'print JSON')
  .action(({ json }: { json?: true }) =>
    withDatabase(async (control) => console.log(await listReleases(control, json === true))),
  )

program
  .command('publish')
  .description('make a release the live one, also one that a gate refused')
  .argument('<release>', 'its number', wholeNumber(1, 2 ** 31 - 1))
  .action((release: number) =>
    withDatabase(async (control) => {
      await publishRelease(control, release)
      console.log(`release ${release} is live`)
    }),
  )

program
  .command('rollback')
  .description('make an earlier release the live one again, at once')
  .argument(
    '[release]',
    'its number (default: the one published before)',
    wholeNumber(1, 2 ** 31 - 1),
  )
  .action((release: number | undefined) =>
    withDatabase(async (control) =>
      console.log(`release ${await rollBack(control, release)} is live again`),
    ),
  )

program
  .command('drop')
  .description('remove the tables of a release that is not live')
  .argument('<release>', 'its number', wholeNumber(1, 2 ** 31 - 1))
  .action((release: number) =>
    withDatabase(async (control) => {
      await dropRelease(control, release)
      console.log(`release ${release} is dropped`)
    }),
  )

try {
  await program.parseAsync()
} catch (error) {
  process.exitCode = report(error)
}

async function generate(options: { out: string; products: number; seed: number }): Promise<void> {
  const progress = progressFor(false)
  const task = progress.begin('generate', options.products, 'products')
  const manifest = await generateCatalogue({
    ...options,
    outDir: options.out,
    signal: interruption(),
  }).finally(() => progress.close())
  task.end()
  console.log(JSON.stringify(manifest, null, 2))
}

interface ImportFlags {
  rejects?: string
  summary?: string
  json?: true
  publish: boolean
  jobs?: number
  maxRejected: number
  maxOrphans: number
  maxShrink: number
}

async function runImport(dir: string, flags: ImportFlags): Promise<void> {
  const progress = progressFor(flags.json === true)
  const summary = await importCatalogue({
    databaseUrl: databaseUrl(),
    dir,
    rejectsDir: flags.rejects,
    publish: flags.publish,
    jobsMax: flags.jobs,
    gates: {
      rejectedShareMax: flags.maxRejected,
      orphanShareMax: flags.maxOrphans,
      shrinkShareMax: flags.maxShrink,
    },
    progress,
    signal: interruption(),
  }).finally(() => progress.close())
  if (flags.summary !== undefined) {
    await writeFile(flags.summary, `${JSON.stringify(summary, null, 2)}\n`)
  }
  console.log(flags.json ? JSON.stringify({ summary }) : printSummary(summary))
  if (summary.refusals.length > 0) process.exitCode = refusedExitCode
}

async function withDatabase(work: (control: Client) => Promise<void>): Promise<void> {
  const control = await connectControl(databaseUrl())
  try {
    await prepareCatalog(control)
    await work(control)
  } finally {
    await control.end()
  }
}

function databaseUrl(): string {
  const { database } = program.opts<{ database?: string }>()
  if (database === undefined || database === '') {
    throw new EtlError(
      'DATABASE_URL is not set: expected the PostgreSQL to work on, for example ' +
        'DATABASE_URL=postgres://user:password@127.0.0.1:5432/catalogue (or --database)',
    )
  }
  return database
}

function progressFor(json: boolean): Progress {
  if (json) return progressJson(console.log)
  if (process.stderr.isTTY) return progressBars(process.stderr)
  return progressLines(console.error)
}

/** Aborts at the first Ctrl-C or SIGTERM, so that an import cleans up after itself; the second one ends at once. */
function interruption(): AbortSignal {
  const controller = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () =>
      controller.abort(new EtlError(`stopped by ${signal}`, { exitCode: interruptedExitCode })),
    )
  }
  return controller.signal
}

function report(error: unknown): number {
  if (error instanceof EtlError) {
    console.error(`etl: ${error.message}`)
    return error.exitCode
  }
  if (error instanceof DatabaseError) {
    console.error(`etl: the database answered: ${error.message} (${error.code}${where(error)})`)
    return 1
  }
  console.error('etl: failed:', error)
  return 1
}

const where = ({ table, detail }: DatabaseError) =>
  (table === undefined ? '' : `, table ${table}`) + (detail === undefined ? '' : `, ${detail}`)

function wholeNumber(min: number, max: number) {
  return (text: string): number => {
    const value = Number(text)
    if (/^\d+$/.test(text) && value >= min && value <= max) return value
    throw new InvalidArgumentError(`Expected a whole number from ${min} to ${max}.`)
  }
}

function percent(text: string): number {
  const value = Number(text)
  if (/^\d+(\.\d+)?$/.test(text) && value <= 100) return value / 100
  throw new InvalidArgumentError('Expected a number from 0 to 100.')
}
