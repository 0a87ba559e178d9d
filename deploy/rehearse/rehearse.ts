import { once } from 'node:events'
import Table from 'cli-table3'
import { Command } from 'commander'
import { baseImage } from './base-image.ts'
import { paths } from './folder.ts'
import { openSite, type Site } from './site.ts'
import type { Rehearsal, Step } from './step.ts'
import { staticSteps, steps } from './steps.ts'
import { pythonTools } from './tools.ts'

const command = new Command('rehearse')
  .description(
    `Rehearses the deployment without an AWS account: real machines in namespaces, AWS played by moto. Needs root on Debian 12;
installs nothing on it. What is downloaded and built stays in .data/rehearse for the next run.\n
Steps: ${steps.map(({ name }) => name).join(', ')}`,
  )
  .argument('[steps...]', 'only these')
  .option('--static', 'only the steps that boot no machine: a minute or two', false)
  .option('--dist <folder>', 'release this build rather than building')
  .option('--keep', 'leave everything running until Ctrl-C, to look around', false)
  .action(rehearse)

interface RehearseOptions {
  readonly static: boolean
  readonly dist?: string
  readonly keep: boolean
}

interface Row {
  readonly step: Step
  readonly seconds: number
  readonly result: string
  readonly failed: boolean
}

async function rehearse(names: string[], options: RehearseOptions): Promise<void> {
  const { dist, keep } = options
  const all = options.static ? staticSteps : steps
  const chosen = names.length === 0 ? all : names.map((name) => stepNamed(all, name))
  // Half of a first run is downloading and unpacking these two; they do not need each other.
  if (chosen.some((step) => !staticSteps.includes(step))) {
    await Promise.all([pythonTools(), baseImage()])
  }
  let opening: Promise<Site> | undefined
  const rows: Row[] = []
  try {
    for (const step of chosen)
      rows.push(await take(step, { dist, site: () => (opening ??= openSite(dist)) }))
    print(rows)
    if (keep && opening !== undefined) await interrupted()
  } finally {
    await opening?.then(
      ({ close }) => close(),
      () => undefined,
    )
  }
  if (rows.some(({ failed }) => failed)) process.exitCode = 1
}

/** Until Ctrl-C. A shell in a machine: nsenter --target "$(cat .data/rehearse/machines/i-…/leader)" --all bash. */
async function interrupted(): Promise<void> {
  console.log(`everything is left running, see ${paths.machines}; Ctrl-C ends it`)
  const alive = setInterval(() => undefined, 60_000)
  await once(process, 'SIGINT')
  clearInterval(alive)
}

function stepNamed(all: readonly Step[], name: string): Step {
  const found = all.find((step) => step.name === name)
  if (found !== undefined) return found
  throw new Error(`expected one of ${all.map((step) => step.name).join(', ')}, came ${name}`)
}

async function take(step: Step, rehearsal: Rehearsal): Promise<Row> {
  console.log(`${step.name}: ${step.proves}`)
  const start = performance.now()
  const seconds = () => (performance.now() - start) / 1000
  try {
    const result = await step.run(rehearsal)
    console.log(`${step.name}: ok, ${result}\n`)
    return { step, result, seconds: seconds(), failed: false }
  } catch (error) {
    console.error(`${step.name}: FAILED\n${(error as Error).stack}\n`)
    const [result = ''] = (error as Error).message.split('\n')
    return { step, result, seconds: seconds(), failed: true }
  }
}

function print(rows: readonly Row[]): void {
  const table = new Table({
    head: ['step', '', 's', 'result'],
    colWidths: [12, 8, 7, 90],
    wordWrap: true,
    style: { head: [], border: [] },
  })
  for (const { step, failed, seconds, result } of rows) {
    table.push([step.name, failed ? 'FAILED' : 'ok', seconds.toFixed(0), result])
  }
  console.log(table.toString())
  const total = rows.reduce((sum, { seconds }) => sum + seconds, 0)
  console.log(
    `${rows.filter(({ failed }) => !failed).length} of ${rows.length} steps, ${total.toFixed(0)} s`,
  )
}

await command.parseAsync()
