import type { Run } from '../../../loadtest/runner/run.ts'
import { seriesWith } from './series-with.ts'

const latency = { p50Ms: 1.2, p95Ms: 4.5, p99Ms: 12, p999Ms: 40, maxMs: 90 }

/** A run of four seconds in which all went well, but for what is given. */
export function aRun(given: Partial<Run> = {}): Run {
  const seconds = [1000, 2000, 3000, 4000]
  return {
    scenario: 'spike',
    command: 'npm run load -- spike --rate 100',
    target: 'http://127.0.0.1:8080',
    products: 10_000,
    machine: { cpu: 'AMD EPYC', cores: 2, memoryGb: 24, commit: 'abc1234' },
    k6Version: 'v2.2.0',
    shared: true,
    generatorCores: 1,
    speedPromised: true,
    startedMs: 0,
    durationS: 4,
    requests: 400,
    failed: 0,
    dropped: 0,
    checksPassed: 20,
    checksFailed: 0,
    latency,
    latencyByTag: { 'phase:spike': latency, 'phase:before': latency },
    cache: [{ state: 'nginx hit', replies: 300, p50Ms: 1, p95Ms: 2, p99Ms: 3 }],
    verdicts: [
      { metric: 'checks', promise: 'rate==1', kept: true, value: 1, measured: true },
      { metric: 'http_req_duration', promise: 'p(99)<50', kept: true, value: 12, measured: true },
    ],
    legs: [
      {
        name: 'surge',
        startS: 1,
        endS: 2,
        requests: 200,
        bytesPerReply: 900,
        cacheShares: { 'nginx hit': 1 },
        costs: [{ part: 'nginx', cores: 0.1, usPerRequest: 30 }],
      },
    ],
    series: seriesWith({ rps: [100, 100, 100, 100], byCache: { 'nginx hit': [75, 75, 75, 75] } }),
    parts: [
      {
        name: 'generator',
        atMs: seconds,
        cpuS: [0.2, 0.3, 0.3, 0.2],
        memoryBytes: [1e8, 1e8, 1e8, 1e8],
      },
      {
        name: 'nginx',
        atMs: seconds,
        cpuS: [0.1, 0.1, 0.1, 0.1],
        memoryBytes: [2e7, 2e7, 2e7, 2e7],
      },
    ],
    machineCores: 0.4,
    findings: { recoveryS: 1.5 },
    exitCode: 0,
    ...given,
  }
}
