import { mkdirSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'

import { Command, InvalidArgumentError } from 'commander'

import { secondsOf } from './legs.ts'
import { loadScenario } from './load-scenario.ts'
import type { LoadOptions } from './load-scenario.ts'
import { saveRun } from './save-run.ts'
import { scenarios } from './scenarios.ts'
import type { ScenarioEntry } from './scenarios.ts'
import { costsFile, readCosts } from '../sizing/costs-file.ts'
import { costsOf } from '../sizing/costs.ts'
import { expectHits, type ExpectedTraffic } from '../sizing/hit-rate.ts'
import { printSize } from '../sizing/print-size.ts'
import type { Demand } from '../sizing/size.ts'
import { shop } from '../traffic.ts'

const results = join('loadtest', 'results')
const journal = join('loadtest', 'RESULTS.md')

/** The command line of `npm run load`; a run that is stopped by the signal ends in order and writes its report. */
export function loadProgram(signal: AbortSignal): Command {
  const program = new Command('load')
    .description('Loads the service with k6 and says which of its promises it kept.')
    .showHelpAfterError('(add --help for what is possible)')
  for (const scenario of scenarios) program.addCommand(scenarioCommand(scenario, signal))
  return program.addCommand(sizeCommand())
}

function scenarioCommand(scenario: ScenarioEntry, signal: AbortSignal): Command {
  const command = new Command(scenario.name)
    .description(scenario.about)
    .option('--target <url>', 'what to load (default: a local cluster, started for the run)')
    .option('--map <file>', 'load a running local cluster by the map that it keeps')
    .option('--products <n>', 'size of the local catalogue; of a target, its first n only', whole)
    .option('--duration <time>', 'length of the whole run: 20s, 5m, 2h', seconds)
    .option('--seed <n>', 'another seed is another crowd', whole, 1)
    .option('--exponent <s>', 'popularity falls with rank^-s', number, shop.zipfExponent)
    .option('--think <seconds>', 'how long a visitor looks at a page', number, 0)
    .option('--checked <share>', 'share of the answers that are checked', share)
    .option('--correctness-only', 'leave out the promises of speed, as on a busy CI machine', false)
    .option('--cores <n>', 'cores for the generator (default: half of a shared machine)', cores)
    .option('--k6 <path>', 'which k6 (default: the one of npm run k6:install, or of PATH)')
    .option('--no-journal', 'write the report, but no line in loadtest/RESULTS.md')
  if (scenario.rate !== undefined) command.option('--rate <n>', scenario.rate, number)
  return command.action((options: LoadOptions & { journal: boolean }) =>
    run(scenario, options, signal),
  )
}

async function run(
  scenario: ScenarioEntry,
  options: LoadOptions & { journal: boolean },
  signal: AbortSignal,
): Promise<void> {
  const startedAt = new Date().toISOString().slice(0, 19).replaceAll(':', '-')
  mkdirSync(results, { recursive: true })
  const fileBase = join(results, `k6-${scenario.name}-${startedAt}`)
  const result = await loadScenario({
    scenario,
    options,
    command: ['npm run load --', ...process.argv.slice(2)].join(' '),
    dashboardFile: `${fileBase}-dashboard.html`,
    signal,
  })
  process.exitCode = result.exitCode
  saveRun(result, fileBase, options.journal ? journal : undefined)
  // A run that could not keep its rate has measured a busy machine.
  if (scenario.name === 'costs' && result.exitCode === 0) {
    writeFileSync(costsFile, `${JSON.stringify(costsOf(result), undefined, 2)}\n`)
    console.log(`  Costs: ${costsFile}`)
  }
}

type SizeOptions = Partial<Demand> &
  Pick<Demand, 'rps' | 'utilisation'> &
  ExpectedTraffic & { readonly costs: string }

function sizeCommand(): Command {
  return new Command('size')
    .description('Says how many EC2 machines a rate needs, what they cost and what is full next.')
    .requiredOption('--rps <n>', 'requests a second to carry', number)
    .option('--hit <share>', "share that NGINX's cache answers (default: reckoned)", share)
    .option(
      '--warm <share>',
      "share of the rest that processes' caches answer (default: reckoned)",
      share,
    )
    .option('--products <n>', 'size of the catalogue', whole, 1_000_011)
    .option('--exponent <s>', 'popularity falls with rank^-s', number, shop.zipfExponent)
    .option('--cache-mib <n>', 'REPLY_CACHE_BYTES_MAX of a process, in MiB', whole, 128)
    .option('--utilisation <share>', 'how busy a machine may be', share, 0.6)
    .option('--costs <file>', 'measured costs', costsFile)
    .action((options: SizeOptions) => {
      const demand = { ...expectHits(options), ...options }
      console.log(printSize(demand, readCosts(options.costs)))
    })
}

function whole(text: string): number {
  if (/^[1-9]\d{0,9}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('Expected a positive whole number.')
}

function cores(text: string): number {
  const value = whole(text)
  const all = availableParallelism()
  if (value <= all) return value
  throw new InvalidArgumentError(`Expected at most ${all}, the cores of this machine.`)
}

function number(text: string): number {
  const value = Number(text)
  if (text.trim() !== '' && Number.isFinite(value) && value >= 0) return value
  throw new InvalidArgumentError('Expected a number of 0 or more.')
}

function share(text: string): number {
  const value = number(text)
  if (value <= 1) return value
  throw new InvalidArgumentError('Expected a share from 0 to 1.')
}

function seconds(text: string): number {
  try {
    return secondsOf(text)
  } catch {
    throw new InvalidArgumentError('Expected a duration like 90s, 5m or 1h30m.')
  }
}
