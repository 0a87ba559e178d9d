import type { PartSeries } from '../../../loadtest/runner/part-sampler.ts'

/** The generator with the CPU seconds that it used in each second from a moment on. */
export const generatorUsing = (cpuS: number[], fromMs = 0): PartSeries => ({
  name: 'generator',
  atMs: cpuS.map((_, i) => fromMs + (i + 1) * 1000),
  cpuS,
  memoryBytes: cpuS.map(() => 1e8),
})
