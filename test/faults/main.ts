// npm run faults: breaks a cluster in every way that it is to survive, and prints what came of it.
import { Command } from 'commander'
import { interruption } from '../../deploy/local/interruption.ts'
import type { Fault } from './fault.ts'
import { instancesFault } from './r01-instances.fault.ts'
import { oneDatabaseFault } from './r02-one-database.fault.ts'
import { allDatabasesFault } from './r03-all-databases.fault.ts'
import { publishingFault } from './r04-publishing.fault.ts'
import { spikeFault } from './r05-spike.fault.ts'
import { coldStartFault } from './r06-cold-start.fault.ts'
import { enduranceFault } from './r07-endurance.fault.ts'
import { hostileFault } from './r08-hostile.fault.ts'
import { cacheKeysFault } from './r09-cache-keys.fault.ts'
import { liveChangesFault } from './r10-live-changes.fault.ts'
import { inSeconds, type Row } from './row.ts'
import { openStage, type Stage } from './stage.ts'
import { faultTable } from './table.ts'

const faults: readonly Fault[] = [
  instancesFault,
  oneDatabaseFault,
  allDatabasesFault,
  publishingFault,
  spikeFault,
  coldStartFault,
  enduranceFault,
  hostileFault,
  cacheKeysFault,
  liveChangesFault,
]

const program = new Command('npm run faults --')
  .description(
    'Breaks a cluster of this machine under load and compares what came of it with what is promised.',
  )
  .argument(
    '[faults...]',
    `which of ${faults.map(({ id }) => id).join(', ')}; all when none is named`,
  )
  .option('--quick', 'every fault in a shortened form, as CI has it', false)
  .action((names: string[], { quick }: { quick: boolean }) => run(names, quick))

await program.parseAsync()

async function run(names: readonly string[], isQuick: boolean) {
  const chosen = faultsNamed(names)
  const signal = interruption()
  const stage = await openStage(isQuick, signal)
  const rows: Row[] = []
  for (const fault of chosen) if (!signal.aborted) rows.push(...(await runAndRepeat(fault, stage)))
  await stage.remove()
  console.log(faultTable(rows))
  if (signal.aborted || rows.some(({ broken }) => broken.length > 0)) process.exitCode = 1
}

/** CI's machine is shared: a bound in seconds is tried once more there, a fault fails twice. */
async function runAndRepeat(fault: Fault, stage: Stage) {
  const rows = await runFault(fault, stage)
  const isInside = rows.every(({ broken }) => broken.length === 0)
  return isInside || process.env['CI'] === undefined ? rows : runFault(fault, stage)
}

async function runFault({ id, title, run: runOn }: Fault, stage: Stage): Promise<readonly Row[]> {
  const startedMs = performance.now()
  console.log(`${id}: ${title} …`)
  // One that cannot be run keeps none of the others from it.
  const rows = await runOn(stage).catch((error: Error): Row[] => [
    { fault: id, bound: 'can be run', broken: [error.stack ?? error.message] },
  ])
  for (const { fault, broken } of rows) {
    console.log(
      `  ${broken.length === 0 ? 'ok' : 'NO'}  ${fault}${broken.map((text) => `\n      ${text}`).join('')}`,
    )
  }
  console.log(`  after ${inSeconds(performance.now() - startedMs)}`)
  return rows
}

function faultsNamed(names: readonly string[]) {
  const wanted = names.map((name) => name.toUpperCase())
  const unknown = wanted.filter((name) => !faults.some(({ id }) => id === name))
  if (unknown.length > 0) program.error(`expected faults like R1, came ${unknown.join(', ')}`)
  return faults.filter(({ id }) => wanted.length === 0 || wanted.includes(id))
}
