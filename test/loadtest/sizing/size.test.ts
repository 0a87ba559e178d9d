import { describe, expect, it } from 'vitest'

import type { Costs } from '../../../loadtest/sizing/costs.ts'
import { machineTypes } from '../../../loadtest/sizing/ec2.ts'
import { printSize } from '../../../loadtest/sizing/print-size.ts'
import { bottlenecksOf, cheapestPlan, planOf, tiersOf } from '../../../loadtest/sizing/size.ts'
import type { Tier } from '../../../loadtest/sizing/size.ts'

const costs: Costs = {
  measuredOn: '2026-11-22',
  machine: '2 × AMD EPYC',
  commit: 'abc1234',
  nginxHitUs: 20,
  nginxForwardUs: 50,
  processHitUs: 30,
  processMissUs: 60,
  databaseReadUs: 40,
  bytesPerReply: 1000,
}
const demand = { rps: 10_000, hit: 0.9, warm: 0.5, utilisation: 0.6 }
const machine = {
  name: 'one.core',
  cpus: 1,
  baseline: 1,
  memoryGib: 8,
  networkGbps: 1,
  dollarsPerHour: 0.1,
}
const api = (cores: number, more: Partial<Tier> = {}): Tier => ({
  name: 'API',
  cores,
  gbps: 0,
  memoryGibMin: 1,
  coresPerMachineMax: 1,
  ...more,
})

describe('what the tiers must provide', () => {
  it('is the CPU of each kind of answer times how many of it there are', () => {
    const [nginx, process, postgres] = tiersOf(demand, costs)

    expect(nginx?.cores).toBeCloseTo(9000 * 20e-6 + 1000 * 50e-6)
    expect(process?.cores).toBeCloseTo(500 * 30e-6 + 500 * 60e-6)
    expect(postgres?.cores).toBeCloseTo(500 * 40e-6)
  })

  it('is network too: NGINX carries each reply out, and what it does not hold in as well', () => {
    expect(tiersOf(demand, costs)[0]?.gbps).toBeCloseTo((11_000 * 1000 * 8) / 1e9)
  })
})

describe('a plan', () => {
  it('has two machines however little there is to do', () => {
    expect(planOf(api(0.01), machine, 0.6)?.machines).toBe(2)
  })

  it('keeps every machine under the utilisation', () => {
    expect(planOf(api(6), machine, 0.6)?.machines).toBe(10)
    expect(planOf(api(6), machine, 0.6)?.cpuUsed).toBeCloseTo(0.6)
  })

  it('still carries everything when one machine is lost', () => {
    expect(planOf(api(1.1), machine, 0.6)?.machines).toBe(3)
    expect(planOf(api(0.7), machine, 0.9)?.machines).toBe(2)
  })

  it('does not count on burst credits, nor on cores that one process cannot use', () => {
    const burstable = { ...machine, cpus: 2, baseline: 0.2 }
    const large = { ...machine, cpus: 8 }

    expect(planOf(api(0.96), burstable, 0.6)?.machines).toBe(4)
    expect(planOf(api(6), large, 0.6)?.machines).toBe(10)
    expect(planOf(api(6, { coresPerMachineMax: Infinity }), large, 0.6)?.machines).toBe(2)
  })

  it('follows the network where that is scarcer than CPU', () => {
    expect(planOf(api(0.1, { gbps: 3 }), machine, 0.6)?.machines).toBe(5)
  })

  it('leaves out types with too little memory', () => {
    expect(planOf(api(1, { memoryGibMin: 16 }), machine, 0.6)).toBeUndefined()
    expect(() => cheapestPlan(api(1, { memoryGibMin: 999 }), machineTypes, 0.6)).toThrow('API')
  })

  it('prefers two machines to seventeen for a tenth more money', () => {
    const small = { ...machine, name: 'small', networkGbps: 0.1, dollarsPerHour: 0.0125 }
    const tier = api(0.1, { gbps: 0.96 })

    expect(planOf(tier, small, 0.6)?.machines).toBe(16)
    expect(cheapestPlan(tier, [small, machine], 0.6).type.name).toBe('one.core')
  })
})

describe('the bottlenecks', () => {
  it('come in the order in which a growing demand meets them', () => {
    const plans = tiersOf(demand, costs).map((tier) => cheapestPlan(tier, machineTypes, 0.6))
    const rates = bottlenecksOf(plans, demand.rps).map(({ rps }) => rps)

    expect(rates).toEqual(rates.toSorted((a, b) => a - b))
    expect(rates[0]).toBeGreaterThan(demand.rps)
  })

  it('leave out a tier that has nothing to do', () => {
    const plans = tiersOf({ ...demand, hit: 1 }, costs).map((tier) =>
      cheapestPlan(tier, machineTypes, 0.6),
    )

    expect(new Set(bottlenecksOf(plans, demand.rps).map(({ tier }) => tier))).toEqual(
      new Set(['NGINX']),
    )
  })
})

describe('the answer to a sizing', () => {
  const answer = printSize(demand, costs)

  it('names machines, money and what is full next, and what is assumed', () => {
    expect(answer).toContain('10,000 requests/s: 90 % answered by')
    expect(answer).toMatch(/NGINX +│ +0\.23/)
    expect(answer).toMatch(/together .*\$\d+/)
    expect(answer).toMatch(/What is full next, in the same mix: \w+ (CPU|network) at [\d,]+/)
    expect(answer).toContain('assumed, not measured')
  })

  it('says when the prices were true', () => {
    expect(answer).toMatch(/Prices of us-east-1 on \d{4}-\d\d-\d\d/)
  })
})
