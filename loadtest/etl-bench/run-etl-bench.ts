import { currentCommit } from '../bench/machine.ts'
import { runToEnd } from '../bench/run-to-end.ts'
import { describeConditions } from './conditions.ts'
import { etlImport } from './etl-import.ts'
import { measureGrowth } from './growth.ts'
import { measureReads } from './measure-reads.ts'
import type { EtlBenchOptions, WalLevel } from './options.ts'
import { readsMarkdown } from './reads-table.ts'
import type { EtlBenchResult, LevelResult, Round } from './results.ts'
import { playRound, sayRound } from './rounds.ts'
import { publishResult } from './save.ts'
import { type BenchServer, startServer } from './server.ts'
import { givenFolders, openFolders, type SourceFolders } from './source-folders.ts'
import { resultMarkdown } from './tables.ts'

/** The level of the growth table and of the run from source: what a primary with replicas has. */
const usualLevel = 'replica'

/** Runs what the options ask for, says on screen how it goes, and prints the tables. */
export const runEtlBench = async (options: EtlBenchOptions, command: string): Promise<void> => {
  const startedAt = new Date().toISOString()
  await runToEnd('npm', ['run', '--silent', 'build'])
  const folders =
    options.dir === undefined ? await openFolders(options.products) : await givenFolders(options)
  const levels: LevelResult[] = []
  for (const level of options.wal) {
    levels.push(await withServer(level, (server) => playRounds(server, level, folders, options)))
  }
  const result: EtlBenchResult = {
    startedAt,
    command,
    commit: await currentCommit(),
    conditions: await describeConditions(),
    levels,
    ...(await withServer(usualLevel, (server) => measureOthers(server, folders, options))),
  }
  await show(options, '--publish', resultMarkdown(result))
}

/** Measures reads beside the ETL, and prints the table. */
export const runReadsBench = async (options: EtlBenchOptions, command: string): Promise<void> => {
  const startedAt = new Date().toISOString()
  await runToEnd('npm', ['run', '--silent', 'build'])
  const { damaged } =
    options.dir === undefined ? await openFolders(options.products) : await givenFolders(options)
  const result = {
    ...options,
    startedAt,
    command,
    commit: await currentCommit(),
    conditions: await describeConditions(),
    reads: await withServer(usualLevel, (server) => measureReads(server, damaged, options)),
  }
  await show(options, '--reads --publish', readsMarkdown(result))
}

const show = async ({ publish }: EtlBenchOptions, flags: string, markdown: string) => {
  console.log(`\n${markdown}`)
  if (publish) await publishResult(flags, markdown)
}

const withServer = async <T>(level: WalLevel, work: (server: BenchServer) => Promise<T>) => {
  const server = await startServer(level)
  try {
    return await work(server)
  } finally {
    await server.stop()
  }
}

const playRounds = async (
  server: BenchServer,
  level: WalLevel,
  folders: SourceFolders,
  { rounds: count, jobs }: EtlBenchOptions,
): Promise<LevelResult> => {
  const rounds: Round[] = []
  for (let number = 1; number <= count; number++) {
    const round = await playRound(server, folders, { jobs, importFirst: number % 2 === 0 })
    sayRound(`wal_level ${level}, round ${number}`, round)
    rounds.push(round)
  }
  return { level, rounds }
}

const measureOthers = async (
  server: BenchServer,
  { damaged: dir }: SourceFolders,
  options: EtlBenchOptions,
) => {
  const source = await etlImport(server, { dir, jobs: options.jobs, fromSource: true })
  return {
    products: source.files.product.rows,
    sourceRssBytesMax: source.processRssBytesMax,
    growth: await measureGrowth(server, options),
  }
}
