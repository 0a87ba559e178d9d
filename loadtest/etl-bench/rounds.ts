import { etlImport } from './etl-import.ts'
import { plainCopy } from './plain-copy.ts'
import { ratioOf, type Round } from './results.ts'
import type { BenchServer } from './server.ts'
import type { SourceFolders } from './source-folders.ts'

export interface RoundPlan {
  readonly jobs: number | undefined
  /** In every other round, so that a machine that changes meanwhile favours nobody. */
  readonly importFirst: boolean
}

/** Runs both, one right after the other, each into an empty database. */
export const playRound = async (
  server: BenchServer,
  { damaged, plain }: SourceFolders,
  { jobs, importFirst }: RoundPlan,
): Promise<Round> => {
  const plan = { dir: damaged, jobs }
  if (importFirst) {
    const load = await etlImport(server, plan)
    return { copy: await plainCopy(server, plain), import: load }
  }
  const copy = await plainCopy(server, plain)
  return { copy, import: await etlImport(server, plan) }
}

/** A line for the screen. */
export const sayRound = (what: string, round: Round): void => {
  const [copied, imported] = [round.copy.seconds.toFixed(1), round.import.seconds.toFixed(1)]
  console.log(`${what}: copy ${copied} s, import ${imported} s, ${ratioOf(round).toFixed(2)} times`)
}
