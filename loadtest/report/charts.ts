import { generatorPart } from '../runner/generator.ts'
import type { PartSeries } from '../runner/part-sampler.ts'
import type { Run } from '../runner/run.ts'
import type { Value } from '../runner/series.ts'
import type { Chart, Line, Span } from './chart.ts'

/** The plots of a run, in the order of a reader's questions: how much, how fast, what failed, at what cost. */
export function chartsOf(run: Run): Chart[] {
  const { series } = run
  const atS = series.atMs.map((ms) => (ms - run.startedMs) / 1000)
  const spans = spansOf(run)
  const chart = (title: string, unit: string, lines: readonly Line[]): Chart => ({
    title,
    unit,
    lines,
    atS,
    endS: endOf(run),
    spans,
  })
  return [
    chart('Rate', 'requests/s', [{ label: 'answered', values: series.rps }]),
    { ...chart('Latency', 'ms', latencyLines(run)), logarithmic: true },
    {
      ...chart('Errors', 'a second', errorLines(run)),
      instead: 'nothing failed, nothing was dropped',
    },
    chart('Which cache answered', 'replies/s', linesOf(series.byCache)),
    chart('Statuses', 'replies/s', linesOf(series.byStatus)),
    partChart(run, spans, 'CPU of each part', 'cores', coresOf),
    partChart(ofService(run), spans, 'Memory of each part of the service', 'MB', megabytesOf),
  ].filter(({ lines, instead }) => lines.length > 0 || instead !== undefined)
}

function latencyLines({ series }: Run): Line[] {
  return [
    { label: 'p50', values: series.p50Ms },
    { label: 'p95', values: series.p95Ms },
    { label: 'p99', values: series.p99Ms },
    { label: 'max', values: series.maxMs },
  ]
}

function errorLines({ series, failed, dropped }: Run): Line[] {
  if (failed === 0 && dropped === 0) return []
  const failedPerS = series.failedShare.map((share, i) => (share ?? 0) * (series.rps[i] ?? 0))
  return [
    { label: 'failed requests', values: failedPerS },
    { label: 'dropped arrivals', values: series.droppedPerS },
  ]
}

function linesOf(byTag: Readonly<Record<string, readonly Value[]>>): Line[] {
  return Object.entries(byTag).map(([label, values]) => ({ label, values }))
}

// The last second that parts are sampled in.
function endOf({ durationS }: Run): number {
  return Math.max(1, Math.ceil(durationS))
}

// A span over the whole run says nothing.
function spansOf({ legs, durationS }: Run): Span[] {
  return legs
    .map(({ name, startS, endS }) => ({ label: name, fromS: startS, toS: endS }))
    .filter(({ fromS, toS }) => toS - fromS < 0.9 * durationS)
}

/**
 * Parts are sampled each at its own moment: whole seconds bring them onto one axis. A sample that began before
 * the load is left out: it holds the start of the virtual users, which kept a core busy.
 */
function partChart(
  run: Run,
  spans: readonly Span[],
  title: string,
  unit: string,
  valuesOf: (part: PartSeries) => number[],
): Chart {
  const { parts, startedMs } = run
  const endS = endOf(run)
  const atS = Array.from({ length: endS + 1 }, (_, second) => second)
  const lines = parts
    .filter(({ atMs }) => atMs.length > 0)
    .map((part) => {
      const values: Value[] = atS.map(() => null)
      for (const [i, value] of valuesOf(part).entries()) {
        const second = Math.round(((part.atMs[i] ?? 0) - startedMs) / 1000)
        if (beganMs(part, i) >= startedMs && second < values.length) values[second] = value
      }
      return { label: part.name, values }
    })
  return { title, unit, atS, endS, lines, spans, joined: true }
}

function coresOf(part: PartSeries): number[] {
  const { atMs, cpuS } = part
  return cpuS.map((used, i) => (used / Math.max(1, (atMs[i] ?? 0) - beganMs(part, i))) * 1000)
}

// A sample holds what was used since the one before it.
function beganMs({ atMs }: PartSeries, i: number): number {
  return atMs[i - 1] ?? (atMs[i] ?? 0) - 1000
}

// The virtual users take more than all parts together, which would lie flat below them.
function ofService(run: Run): Run {
  return { ...run, parts: run.parts.filter(({ name }) => name !== generatorPart) }
}

function megabytesOf({ memoryBytes }: PartSeries): number[] {
  return memoryBytes.map((bytes) => bytes / 1e6)
}
