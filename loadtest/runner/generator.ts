import type { Run } from './run.ts'

/** Its name among the parts of a run. */
export const generatorPart = 'generator'

const fullShare = 0.85

export interface CoresBusy {
  readonly mean: number
  readonly peak: number
}

/**
 * Cores that the generator kept busy under load: over the run, and in its busiest second. Before the load
 * k6 starts its virtual users, thousands for a stair, with all the cores it has: that does not count.
 */
export function generatorCoresBusy({
  parts,
  startedMs,
}: Pick<Run, 'parts' | 'startedMs'>): CoresBusy {
  const { atMs = [], cpuS = [] } = parts.find(({ name }) => name === generatorPart) ?? {}
  // A sample may come late: what it holds was used since the one before, not in one second.
  const samples = cpuS.map((used, i) => {
    const sinceS = sinceLastS(atMs, i)
    return { fromMs: (atMs[i] ?? 0) - sinceS * 1000, busy: used / sinceS }
  })
  const busy = samples.filter(({ fromMs }) => fromMs >= startedMs).map((sample) => sample.busy)
  const mean = busy.reduce((sum, one) => sum + one, 0) / Math.max(1, busy.length)
  return { mean, peak: Math.max(0, ...busy) }
}

/** True when the generator had nothing left in some second: what was measured may be its own limit. */
export function isGeneratorFull(run: Pick<Run, 'parts' | 'startedMs' | 'generatorCores'>): boolean {
  return generatorCoresBusy(run).peak > fullShare * run.generatorCores
}

function sinceLastS(atMs: readonly number[], i: number): number {
  const sinceMs = (atMs[i] ?? 0) - (atMs[i - 1] ?? 0)
  return i === 0 || sinceMs <= 0 ? 1 : sinceMs / 1000
}
