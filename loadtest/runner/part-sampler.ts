import { metricOf } from '../process-metrics.ts'
import { cpuBetween, machineCpuS, readProcesses, usageOf } from './process-usage.ts'
import type { ProcessTable, Usage } from './process-usage.ts'
import type { PartSource } from './target.ts'

/** CPU and memory of one part over time. `cpuS` is what was used since the sample before. */
export interface PartSeries {
  readonly name: string
  readonly atMs: number[]
  readonly cpuS: number[]
  readonly memoryBytes: number[]
}

/** What was seen of the machine while a load ran. */
export interface Sampled {
  readonly parts: readonly PartSeries[]
  /** Cores that were busy with anything at all; undefined where there is no /proc. */
  readonly machineCores: number | undefined
}

export interface Sampler {
  stop(): Sampled
}

const sampleEveryMs = 1000
const metricsTimeoutMs = 900

/** Samples the parts once a second until it is stopped. A part that is gone leaves a gap. */
export function startSampler(sources: readonly PartSource[]): Sampler {
  const followed: Followed[] = sources.map((source) => ({
    source,
    series: { name: source.name, atMs: [], cpuS: [], memoryBytes: [] },
    last: undefined,
  }))
  const sample = () => {
    const processes = readProcesses()
    for (const one of followed) void sampleOne(one, processes)
  }
  const began = { ms: Date.now(), cpuS: machineCpuS() }
  sample()
  const timer = setInterval(sample, sampleEveryMs)
  return {
    stop: () => {
      clearInterval(timer)
      const machineCores = perSecond(began.cpuS, machineCpuS(), Date.now() - began.ms)
      return { parts: followed.map(({ series }) => series), machineCores }
    },
  }
}

function perSecond(from = Number.NaN, to = Number.NaN, ms = 0): number | undefined {
  const rate = ((to - from) / ms) * 1000
  return Number.isFinite(rate) ? rate : undefined
}

interface Followed {
  readonly source: PartSource
  readonly series: PartSeries
  last: Usage | undefined
}

async function sampleOne(one: Followed, processes: ProcessTable): Promise<void> {
  const { source, series, last } = one
  const usage =
    'pid' in source ? usageOf(source.pid, processes) : await usageFromMetrics(source.metricsUrl)
  one.last = usage
  if (usage === undefined || last === undefined) return
  series.atMs.push(Date.now())
  series.cpuS.push(cpuBetween(last, usage))
  series.memoryBytes.push(usage.memoryBytes)
}

async function usageFromMetrics(url: string): Promise<Usage | undefined> {
  try {
    const reply = await fetch(url, { signal: AbortSignal.timeout(metricsTimeoutMs) })
    const text = await reply.text()
    const cpuS = metricOf(text, 'process_cpu_seconds_total')
    const memoryBytes = metricOf(text, 'process_resident_memory_bytes')
    if (cpuS === undefined || memoryBytes === undefined) return undefined
    return { cpuS: new Map([[0, cpuS]]), memoryBytes }
  } catch {
    return undefined
  }
}
