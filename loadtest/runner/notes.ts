import { generatorCoresBusy, isGeneratorFull } from './generator.ts'
import type { Run } from './run.ts'

/** What a reader must know before believing the figures: who shared the machine, who was at its end. */
export function notesOf(run: Run): string[] {
  const notes: string[] = []
  const { machine, shared, generatorCores } = run
  if (shared) {
    const busy = generatorCoresBusy(run)
    notes.push(
      `Generator and service shared ${machine.cores} cores: the generator was held to ` +
        `${generatorCores} and used ${busy.mean.toFixed(2)} on average, ${busy.peak.toFixed(2)} at ` +
        'most. The same service alone on this machine carries more.',
    )
  }
  if (isGeneratorFull(run)) {
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
