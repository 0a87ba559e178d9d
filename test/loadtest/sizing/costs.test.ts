import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { describe, expect, it } from 'vitest'

import { readCosts } from '../../../loadtest/sizing/costs-file.ts'
import { costsOf } from '../../../loadtest/sizing/costs.ts'
import { aRun } from '../runner/a-run.ts'

const leg = (
  name: string,
  cacheShares: Record<string, number>,
  us: Record<string, number>,
  bytesPerReply = 900,
) => ({
  name,
  startS: 0,
  endS: 10,
  requests: 1000,
  bytesPerReply,
  cacheShares,
  costs: Object.entries(us).map(([part, usPerRequest]) => ({ part, cores: 0.1, usPerRequest })),
})
const legs = [
  leg('edge', { 'nginx hit': 0.9, 'nginx stale': 0.06, miss: 0.04 }, { generator: 300, nginx: 21 }),
  leg('warm', { 'product-overview hit': 1 }, { 'instance 1': 16, 'instance 2': 15, primary: 1 }),
  leg(
    'cold',
    { miss: 1 },
    { nginx: 60, 'instance 1': 30, 'instance 2': 31, primary: 19, replica: 20 },
  ),
  leg('mix', { 'nginx hit': 0.2, 'product-overview hit': 0.3, miss: 0.5 }, {}, 1234.5),
]

describe('the costs of an answer', () => {
  it('are those of the parts that worked for its kind, and the size of the whole mix', () => {
    expect(costsOf(aRun({ legs }))).toEqual({
      measuredOn: '1970-01-01',
      machine: '2 × AMD EPYC',
      commit: 'abc1234',
      nginxHitUs: 21,
      nginxForwardUs: 60,
      processHitUs: 31,
      processMissUs: 61,
      databaseReadUs: 39,
      bytesPerReply: 1235,
    })
  })

  it('are not taken from a leg of which other caches answered a part', () => {
    const mixed = [leg('edge', { miss: 0.5, 'nginx hit': 0.5 }, {}), ...legs.slice(1)]

    expect(() => costsOf(aRun({ legs: mixed }))).toThrow(
      'Leg "edge": expected 90 % of its kind, came miss 50 %, nginx hit 50 %',
    )
  })

  it('need every leg', () => {
    for (const { name } of legs) {
      const others = legs.filter((one) => one.name !== name)

      expect(() => costsOf(aRun({ legs: others }))).toThrow(`Expected a leg "${name}"`)
    }
  })
})

describe('the file of measured costs', () => {
  const folder = mkdtempSync(join(tmpdir(), 'costs-'))
  const file = join(folder, 'costs.json')

  it('is told to be measured when it is not there', () => {
    expect(() => readCosts(file)).toThrow('npm run load -- costs writes them')
  })

  it('is refused without one of its numbers', () => {
    writeFileSync(file, JSON.stringify({ nginxHitUs: 20 }))

    expect(() => readCosts(file)).toThrow('expected a number as nginxForwardUs')
    rmSync(folder, { recursive: true })
  })
})
