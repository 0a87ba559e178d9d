import type { EtlBenchOptions } from './options.ts'
import type { GrowthResult } from './results.ts'
import { playRound, sayRound } from './rounds.ts'
import type { BenchServer } from './server.ts'
import { openFolders } from './source-folders.ts'

/** Both with catalogues of growing size. */
export const measureGrowth = async (
  server: BenchServer,
  { growth: sizes, jobs }: EtlBenchOptions,
): Promise<GrowthResult[]> => {
  const results: GrowthResult[] = []
  for (const products of sizes) {
    const round = await playRound(server, await openFolders(products), { jobs, importFirst: false })
    sayRound(`${products} products`, round)
    results.push({ products, round })
  }
  return results
}
