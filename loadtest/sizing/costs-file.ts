import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import type { Costs } from './costs.ts'

/** What `npm run load -- costs` measured last, kept in the repository. */
export const costsFile = join('loadtest', 'sizing', 'measured-costs.json')

const numbers = [
  'nginxHitUs',
  'nginxForwardUs',
  'processHitUs',
  'processMissUs',
  'databaseReadUs',
  'bytesPerReply',
] as const

/** Reads measured costs. Throws when the file is not there or lacks one of them. */
export function readCosts(file: string): Costs {
  const costs = JSON.parse(textOf(file)) as Partial<Costs>
  const missing = numbers.find((name) => typeof costs[name] !== 'number')
  if (missing !== undefined) throw new Error(`${file}: expected a number as ${missing}`)
  return costs as Costs
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    throw new Error(`${file}: expected measured costs; npm run load -- costs writes them`)
  }
}
