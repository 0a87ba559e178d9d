import type { Run } from './run.ts'

const saturatedShare = 0.85

/** What a reader must know before believing the figures: who shared the machine, who was at its end. */
export function notesOf(run: Run): string[] {
  const notes: string[] = []
  const { machine, shared, generatorCores } = run
  const busy = generatorCoresBusy(run)
  if (shared) {
    notes.push(
      `Generator and service shared ${machine.cores} cores: the generator was held to ` +
        `${generatorCores} and used ${busy.mean.toFixed(2)} on average, ${busy.peak.toFixed(2)} at ` +
        'most. The same service alone on this machine carries more.',
    )
  }
  if (busy.peak > saturatedShare * generatorCores) {
    notes.push(
      'The generator was at its end: latencies hold its own waiting, and the rate may be its limit ' +
        'rather than that of the service.',
    )
  }
  const others = coresOfOthers(run)
  if (others > quietCores) {
    notes.push(
      `Other programs kept ${others.toFixed(1)} of the ${machine.cores} cores busy meanwhile: these ` +
        'figures are not of a quiet machine.',
    )
  }
  const unmeasured = run.verdicts.filter(({ measured }) => !measured)
  if (unmeasured.length > 0) {
    const names = unmeasured.map(({ metric }) => metric).join(', ')
    notes.push(`Nothing was measured for ${names}: these promises were not put to the test.`)
  }
  return notes
}

// The kernel's own work for the network is nobody's: 0.1 to 0.2 cores at 1,000 requests a second.
const quietCores = 0.4

function coresOfOthers({ parts, machineCores = 0, shared, durationS }: Run): number {
  const ours = parts.filter(({ name }) => shared || name === 'generator')
  const used = ours.flatMap(({ cpuS }) => cpuS).reduce((sum, one) => sum + one, 0)
  return machineCores - used / durationS
}

export interface CoresBusy {
  readonly mean: number
  readonly peak: number
}

/** Cores that the generator kept busy: over the run, and in its busiest second. */
export function generatorCoresBusy({ parts }: Pick<Run, 'parts'>): CoresBusy {
  const { atMs = [], cpuS = [] } = parts.find(({ name }) => name === 'generator') ?? {}
  // A sample may come late: what it holds was used since the one before, not in one second.
  const cores = cpuS.map((used, i) => used / sinceLastS(atMs, i))
  const mean = cores.reduce((sum, one) => sum + one, 0) / Math.max(1, cores.length)
  return { mean, peak: Math.max(0, ...cores) }
}

function sinceLastS(atMs: readonly number[], i: number): number {
  const sinceMs = (atMs[i] ?? 0) - (atMs[i - 1] ?? 0)
  return i === 0 || sinceMs <= 0 ? 1 : sinceMs / 1000
}
