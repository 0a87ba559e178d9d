import { existsSync, readFileSync, writeFileSync } from 'node:fs'

import { capacityInWords } from './findings.ts'
import { generatorCoresBusy } from './generator.ts'
import type { Run } from './run.ts'

const end = '<!-- /k6 -->'
const emptySection = `## Load tests with k6

Each line is one run of \`npm run load\`, the newest last. Latencies in ms; "generator" is the cores that k6 kept busy.

| when | commit | machine | command | requests | per s | failed | p50 | p95 | p99 | found | generator | promises |
|---|---|---|---|--:|--:|--:|--:|--:|--:|---|--:|---|
${end}
`

/** Adds the line of a run to the journal (loadtest/RESULTS.md), which it begins when there is none. */
export function addToJournal(file: string, run: Run): void {
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '# Results\n'
  writeFileSync(file, withLine(text, lineOf(run)))
}

/** The journal with one more line at the end of the table of k6 runs; all else is left as it is. */
export function withLine(text: string, line: string): string {
  const whole = text.includes(end) ? text : `${text.trimEnd()}\n\n${emptySection}`
  return whole.replace(end, () => `${line}\n${end}`)
}

/** One run as a row of the table. */
export function lineOf(run: Run): string {
  const { latency, machine, requests, failed, verdicts } = run
  const broken = verdicts.filter(({ kept }) => !kept)
  const cells = [
    new Date(run.startedMs).toISOString().slice(0, 16).replace('T', ' '),
    machine.commit,
    `${machine.cores} × ${machine.cpu}`,
    `\`${run.command}\``,
    requests.toLocaleString('en'),
    (requests / run.durationS).toFixed(0),
    failed === 0 ? '0' : `${((failed / requests) * 100).toFixed(3)} %`,
    ...[latency.p50Ms, latency.p95Ms, latency.p99Ms].map((ms) => ms.toFixed(1)),
    findingOf(run),
    generatorCoresBusy(run).mean.toFixed(2),
    broken.length === 0
      ? `all ${verdicts.length} kept`
      : `broken: ${broken.map(({ metric, promise }) => `${metric} ${promise}`).join(', ')}`,
  ]
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
}

/** What a scenario was run to find out, in a few words. */
export function findingOf({ findings }: Pick<Run, 'findings'>): string {
  const { recoveryS, capacity, memorySlopeMbPerMinute } = findings
  if (recoveryS === null) return 'did not recover'
  if (recoveryS !== undefined) return `recovered in ${recoveryS.toFixed(1)} s`
  if (capacity !== undefined) return capacityInWords(capacity)
  if (memorySlopeMbPerMinute !== undefined) {
    return `memory ${signed(memorySlopeMbPerMinute)} MB/min`
  }
  return ''
}

function signed(value: number): string {
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(2)}`
}
