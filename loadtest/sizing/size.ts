import type { Costs } from './costs.ts'
import type { MachineType } from './ec2.ts'

/** What has to be carried. */
export interface Demand {
  readonly rps: number
  /** The share of the requests that NGINX answers from its cache. */
  readonly hit: number
  /** The share of what is left that a process answers from its cache. */
  readonly warm: number
  /** How much of a machine may be used: the rest is for spikes and for a machine that is lost. */
  readonly utilisation: number
}

/** What one tier must provide at a demand. */
export interface Tier {
  readonly name: 'NGINX' | 'API' | 'PostgreSQL'
  readonly cores: number
  readonly gbps: number
  /** PostgreSQL wants the documents of a million products (1.5 GB) in memory. */
  readonly memoryGibMin: number
  /** Cores of one machine that the tier can use: a Node process runs on one. */
  readonly coresPerMachineMax: number
}

/** A tier on machines of one type. */
export interface Plan {
  readonly tier: Tier
  readonly type: MachineType
  readonly machines: number
  readonly dollarsPerMonth: number
  /** How much of its CPU and of its network is used. */
  readonly cpuUsed: number
  readonly networkUsed: number
}

const hoursPerMonth = 730

/** What each tier must provide: µs of CPU times requests. */
export function tiersOf({ rps, hit, warm }: Demand, costs: Costs): Tier[] {
  const forwarded = rps * (1 - hit)
  const read = forwarded * (1 - warm)
  const gbpsOf = (replies: number) => (replies * costs.bytesPerReply * 8) / 1e9
  const cores = {
    nginx: rps * hit * costs.nginxHitUs + forwarded * costs.nginxForwardUs,
    api: (forwarded - read) * costs.processHitUs + read * costs.processMissUs,
    postgres: read * costs.databaseReadUs,
  }
  return [
    {
      name: 'NGINX',
      cores: cores.nginx / 1e6,
      gbps: gbpsOf(rps + forwarded),
      memoryGibMin: 1,
      coresPerMachineMax: Number.POSITIVE_INFINITY,
    },
    {
      name: 'API',
      cores: cores.api / 1e6,
      gbps: gbpsOf(forwarded + read),
      memoryGibMin: 1,
      coresPerMachineMax: 1,
    },
    {
      name: 'PostgreSQL',
      cores: cores.postgres / 1e6,
      gbps: gbpsOf(read),
      memoryGibMin: 4,
      coresPerMachineMax: Number.POSITIVE_INFINITY,
    },
  ]
}

/**
 * The machines of a type that a tier needs: busy to the given share, able to carry all of it with one
 * machine lost, at least two. Undefined when the type has too little memory.
 */
export function planOf(tier: Tier, type: MachineType, utilisation: number): Plan | undefined {
  if (type.memoryGib < tier.memoryGibMin) return undefined
  const cores = Math.min(type.cpus * type.baseline, tier.coresPerMachineMax)
  const cpu = tier.cores / cores
  const network = tier.gbps / type.networkGbps
  const needed = Math.max(cpu, network)
  const machines = Math.max(2, Math.ceil(needed / utilisation), Math.ceil(needed) + 1)
  return {
    tier,
    type,
    machines,
    dollarsPerMonth: machines * type.dollarsPerHour * hoursPerMonth,
    cpuUsed: cpu / machines,
    networkUsed: network / machines,
  }
}

// A tenth more money buys a lot less to look after: 2 machines rather than 17.
const worthFewer = 1.1

/** The plan of a tier with the fewest machines among those that cost about the least. */
export function cheapestPlan(tier: Tier, types: readonly MachineType[], utilisation: number): Plan {
  const plans = types.flatMap((type) => planOf(tier, type, utilisation) ?? [])
  const dollarsMax = Math.min(...plans.map((plan) => plan.dollarsPerMonth)) * worthFewer
  const [best] = plans
    .filter((plan) => plan.dollarsPerMonth <= dollarsMax)
    .toSorted((a, b) => a.machines - b.machines || a.dollarsPerMonth - b.dollarsPerMonth)
  if (best === undefined) throw new Error(`${tier.name}: expected a type that fits, none does`)
  return best
}

/** What is full first when the demand grows in the same mix, and at how many requests a second. */
export interface Bottleneck {
  readonly tier: Tier['name']
  readonly resource: 'CPU' | 'network'
  readonly rps: number
}

export function bottlenecksOf(plans: readonly Plan[], rps: number): Bottleneck[] {
  return plans
    .flatMap(({ tier, cpuUsed, networkUsed }) => [
      { tier: tier.name, resource: 'CPU' as const, rps: rps / cpuUsed },
      { tier: tier.name, resource: 'network' as const, rps: rps / networkUsed },
    ])
    .filter((one) => Number.isFinite(one.rps))
    .toSorted((a, b) => a.rps - b.rps)
}
