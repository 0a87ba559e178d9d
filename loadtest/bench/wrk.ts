import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Generator, LoadPlan, LoadResult } from './load.ts'
import { writeTraffic } from './traffic.ts'

const script = fileURLToPath(new URL('wrk.lua', import.meta.url))
// One thread makes more than 100,000 requests a second; a second one would only take cores from the server.
const threads = 1
const timeoutSeconds = 5

/** wrk with our script; its percentiles are corrected for the requests that a stalled connection did not send. */
export const wrk: Generator = {
  name: 'wrk',
  run: async (plan) => {
    const { stdout } = await promisify(execFile)('wrk', await wrkArguments(plan))
    return parseWrk(stdout)
  },
}

const wrkArguments = async ({
  origin,
  traffic,
  start,
  seconds,
  connections,
  directory,
}: LoadPlan) => {
  const files = await writeTraffic(traffic, directory)
  const [before = '', after = ''] = traffic.template.split('{}')
  const shape = [
    `-t${threads}`,
    `-c${connections}`,
    `-d${seconds}s`,
    `--timeout=${timeoutSeconds}s`,
  ]
  return [
    ...shape,
    '-s',
    script,
    origin,
    '--',
    files.numbers,
    files.etags,
    `${start}`,
    before,
    after,
  ]
}

interface WrkReport {
  readonly requests: number
  readonly seconds: number
  readonly bytes: number
  readonly p50Micros: number
  readonly p99Micros: number
  readonly badStatus: number
  readonly broken: number
}

/** Reads the line of JSON that wrk.lua prints among wrk's own; throws when it is missing. */
export const parseWrk = (output: string): LoadResult => {
  const line = output.split('\n').find((text) => text.startsWith('{"requests"'))
  if (line === undefined) throw new Error(`expected a line of JSON from wrk.lua, came: ${output}`)
  const report = JSON.parse(line) as WrkReport
  return {
    requests: report.requests,
    seconds: report.seconds,
    bytes: report.bytes,
    p50Ms: report.p50Micros / 1000,
    p99Ms: report.p99Micros / 1000,
    failed: report.badStatus + report.broken,
  }
}
