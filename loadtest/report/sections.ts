import { capacityInWords } from '../runner/findings.ts'
import type { Latency, Verdict } from '../runner/k6-summary.ts'
import { findingOf } from '../runner/results-journal.ts'
import type { Run } from '../runner/run.ts'
import { escapeHtml, table } from './markup.ts'

/** How the run ended, in the words of the title. */
export function outcome({ verdicts, exitCode, findings }: Run): { text: string; kept: boolean } {
  const broken = verdicts.filter(({ kept }) => !kept).length
  if (findings.capacity !== undefined && exitCode === 0) {
    return { text: capacityInWords(findings.capacity), kept: true }
  }
  if (broken > 0) return { text: `${broken} of ${verdicts.length} promises broken`, kept: false }
  if (exitCode !== 0) return { text: `ended with code ${exitCode}`, kept: false }
  const all = verdicts.length === 1 ? 'its one promise' : `all ${verdicts.length} promises`
  return { text: `${all} kept`, kept: true }
}

/** When, where, against what, and the command that made it. */
export function conditions(run: Run): string {
  const { machine, startedMs, durationS } = run
  const facts = [
    new Date(startedMs).toISOString().slice(0, 19).replace('T', ' '),
    `${durationS.toFixed(0)} s`,
    `${run.target} with ${count(run.products)} products`,
    `${machine.cores} × ${machine.cpu}, ${machine.memoryGb} GB`,
    `commit ${machine.commit}`,
    `k6 ${run.k6Version}`,
  ]
  return (
    `<p><code>${escapeHtml(run.command)}</code></p>\n` +
    `<p class="conditions">${facts.map(escapeHtml).join(' · ')}</p>`
  )
}

/** The handful of numbers that is quoted. */
export function keyFigures(run: Run): string {
  const { latency, requests, failed, dropped, checksFailed, checksPassed } = run
  const figures: [string, string][] = [
    ['requests', count(requests)],
    ['requests/s', count(requests / run.durationS)],
    ['p50', milliseconds(latency.p50Ms)],
    ['p95', milliseconds(latency.p95Ms)],
    ['p99', milliseconds(latency.p99Ms)],
    ['failed', share(failed, requests)],
    ['dropped arrivals', count(dropped)],
    ['wrong of checked', `${count(checksFailed)} of ${count(checksPassed + checksFailed)}`],
  ]
  const finding = findingOf(run)
  if (finding !== '') figures.push(['found', finding])
  const boxes = figures.map(
    ([label, value]) =>
      `<div${label === 'found' ? ' class="found"' : ''}>${escapeHtml(label)}<strong>${escapeHtml(value)}</strong></div>`,
  )
  return `<div class="figures">${boxes.join('')}</div>`
}

const promisesShownMax = 20

/** Every promise with what was measured; of a long stair, what was kept is folded away. */
export function promiseTable({ verdicts }: Run): string {
  if (verdicts.length <= promisesShownMax) return verdictTable(verdicts)
  const kept = verdicts.filter((verdict) => verdict.kept)
  const broken = verdicts.filter((verdict) => !verdict.kept)
  const folded = `<details><summary>${kept.length} kept</summary>${verdictTable(kept)}</details>`
  return broken.length === 0 ? folded : verdictTable(broken) + folded
}

function verdictTable(verdicts: readonly Verdict[]): string {
  return table(
    // The verdict first: a phone shows the left of a table.
    [{ head: '' }, { head: 'of' }, { head: 'promise' }, { head: 'measured', number: true }],
    verdicts.map((verdict) => [
      verdictMark(verdict),
      `<code>${escapeHtml(verdict.metric)}</code>`,
      `<code>${escapeHtml(verdict.promise)}</code>`,
      escapeHtml(measured(verdict)),
    ]),
  )
}

function verdictMark({ kept, measured: isMeasured }: Verdict): string {
  if (!kept) return '<span class="broken">broken</span>'
  return isMeasured ? '<span class="kept">kept</span>' : 'not measured'
}

function measured({ metric, value, measured: isMeasured, promise }: Verdict): string {
  if (value === undefined || !isMeasured) return ''
  if (promise.startsWith('rate')) return `${(value * 100).toFixed(3)} %`
  if (metric.includes('duration') || metric.startsWith('reply_ms')) return milliseconds(value)
  const number = value.toLocaleString('en', { maximumFractionDigits: 2 })
  const unit = units[metric]
  return unit === undefined ? number : `${number} ${unit}`
}

// Counts have none.
const units: Record<string, string> = { recovery_s: 's', memory_slope: 'MB/min' }

const latencyColumns = ['p50', 'p95', 'p99', 'p99.9', 'max']

export function latencyTable({ latency, latencyByTag }: Run): string {
  const tagged = Object.entries(latencyByTag).toSorted(([a], [b]) =>
    a.localeCompare(b, 'en', { numeric: true }),
  )
  return table(
    [{ head: '' }, ...latencyColumns.map((head) => ({ head, number: true }))],
    [['all', latency] as const, ...tagged].map(([name, of]) => [
      escapeHtml(inWords(name)),
      ...latencyCells(of),
    ]),
  )
}

// What k6 calls the name of a request is our route.
function inWords(tag: string): string {
  return tag.replace(/^name:/, 'route:').replace(':', ' ')
}

function latencyCells({ p50Ms, p95Ms, p99Ms, p999Ms, maxMs }: Latency): string[] {
  return [p50Ms, p95Ms, p99Ms, p999Ms, maxMs].map(milliseconds)
}

export function cacheTable({ cache }: Run): string {
  const total = cache.reduce((sum, { replies }) => sum + replies, 0)
  return table(
    [
      { head: '' },
      ...['replies', 'share', 'p50', 'p95', 'p99'].map((head) => ({ head, number: true })),
    ],
    cache.map(({ state, replies, p50Ms, p95Ms, p99Ms }) => [
      escapeHtml(state),
      count(replies),
      share(replies, total),
      ...[p50Ms, p95Ms, p99Ms].map(milliseconds),
    ]),
  )
}

/** Cores busy and CPU for each request, of every part in every leg. */
export function costTable({ legs }: Run): string {
  const parts = legs[0]?.costs.map(({ part }) => part) ?? []
  return table(
    [
      { head: '' },
      { head: 'requests/s', number: true },
      ...parts.map((part) => ({ head: part, number: true })),
    ],
    legs.map(({ name, requests, startS, endS, costs }) => [
      escapeHtml(name),
      count(requests / (endS - startS)),
      ...costs.map(
        ({ cores, usPerRequest }) => `${cores.toFixed(2)} cores<br>${count(usPerRequest)} µs`,
      ),
    ]),
  )
}

function count(value: number): string {
  return value.toLocaleString('en', { maximumFractionDigits: 0 })
}

function milliseconds(ms: number): string {
  return `${ms.toLocaleString('en', { maximumFractionDigits: ms < 10 ? 2 : ms < 100 ? 1 : 0 })} ms`
}

function share(part: number, whole: number): string {
  return part === 0 ? '0' : `${((part / whole) * 100).toPrecision(3)} %`
}
