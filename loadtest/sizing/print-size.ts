import Table from 'cli-table3'

import type { Costs } from './costs.ts'
import { machineTypes, priced } from './ec2.ts'
import { bottlenecksOf, cheapestPlan, planOf, tiersOf } from './size.ts'
import type { Demand, Plan, Tier } from './size.ts'

/** The answer to "how many machines": the cheapest plan, the others, and what is full next. */
export function printSize(demand: Demand, costs: Costs): string {
  const tiers = tiersOf(demand, costs)
  const plans = tiers.map((tier) => cheapestPlan(tier, machineTypes, demand.utilisation))
  return [
    question(demand),
    planTable(plans),
    'Each tier on one type: machines and dollars a month',
    typeTable(tiers, demand),
    nextBottleneck(plans, demand),
    trafficCost(demand, costs),
    conditions(costs),
  ].join('\n\n')
}

function question({ rps, hit, warm, utilisation }: Demand): string {
  return (
    `${count(rps)} requests/s: ${percent(hit)} answered by NGINX's cache, ${percent(warm)} of the rest by a ` +
    `process's cache, machines at most ${percent(utilisation)} busy and one of each tier to spare.`
  )
}

function planTable(plans: readonly Plan[]): string {
  const table = tableOf(['tier', 'cores', 'Gbit/s', 'machines', 'CPU', 'network', '$ a month'])
  for (const { tier, type, machines, cpuUsed, networkUsed, dollarsPerMonth } of plans) {
    table.push([
      tier.name,
      tier.cores.toFixed(2),
      tier.gbps.toFixed(2),
      `${machines} × ${type.name}`,
      percent(cpuUsed),
      percent(networkUsed),
      dollars(dollarsPerMonth),
    ])
  }
  const total = plans.reduce((sum, { dollarsPerMonth }) => sum + dollarsPerMonth, 0)
  table.push(['together', '', '', '', '', '', dollars(total)])
  return table.toString()
}

function typeTable(tiers: readonly Tier[], { utilisation }: Demand): string {
  const table = tableOf(['type', 'vCPU', 'GiB', ...tiers.map(({ name }) => name)])
  for (const type of machineTypes) {
    const plans = tiers.map((tier) => planOf(tier, type, utilisation))
    table.push([
      type.name,
      type.baseline === 1 ? String(type.cpus) : `${type.cpus} at ${percent(type.baseline)}`,
      String(type.memoryGib),
      ...plans.map((plan) => (plan ? `${plan.machines}, ${dollars(plan.dollarsPerMonth)}` : '–')),
    ])
  }
  return table.toString()
}

function nextBottleneck(plans: readonly Plan[], { rps }: Demand): string {
  const [first, second] = bottlenecksOf(plans, rps)
  if (first === undefined || second === undefined) return 'Nothing is used at all.'
  return (
    `What is full next, in the same mix: ${first.tier} ${first.resource} at ${count(first.rps)} ` +
    `requests/s, then ${second.tier} ${second.resource} at ${count(second.rps)}.`
  )
}

function trafficCost({ rps }: Demand, { bytesPerReply }: Costs): string {
  const gbPerHour = (rps * bytesPerReply * 3600) / 1e9
  return (
    `Each hour at this rate sends ${gbPerHour.toFixed(1)} GB: ` +
    `${dollars(gbPerHour * priced.dollarsPerGbOut)} to the internet, less through a CDN.`
  )
}

function conditions({ measuredOn, machine, commit, ...costs }: Costs): string {
  const { nginxHitUs, nginxForwardUs, processHitUs, processMissUs, databaseReadUs } = costs
  return (
    `Measured on ${measuredOn} on ${machine}, commit ${commit}: NGINX ${nginxHitUs} µs a hit and ` +
    `${nginxForwardUs} µs forwarded, a process ${processHitUs} µs a hit and ${processMissUs} µs a miss, ` +
    `PostgreSQL ${databaseReadUs} µs a read, ${costs.bytesPerReply} bytes a reply.\n` +
    'That a vCPU of EC2 is as fast is assumed, not measured: npm run load -- costs, run there, measures it.\n' +
    `Prices of ${priced.region} on ${priced.on} (${priced.terms}): loadtest/sizing/ec2.ts.`
  )
}

function tableOf(head: string[]): Table.Table {
  return new Table({
    head,
    colAligns: head.map((_, i) => (i === 0 ? 'left' : 'right')),
    style: { head: [], border: [], compact: true },
  })
}

function count(value: number): string {
  return value.toLocaleString('en', { maximumFractionDigits: 0 })
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`
}

function dollars(amount: number): string {
  return `$${amount.toLocaleString('en', { maximumFractionDigits: amount < 10 ? 2 : 0 })}`
}
