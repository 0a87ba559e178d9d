import type { MeasuredLeg } from '../runner/measured-leg.ts'
import type { Run } from '../runner/run.ts'

/** What one answer costs each part, in µs of CPU, as `npm run load -- costs` measured it. */
export interface Costs {
  readonly measuredOn: string
  readonly machine: string
  readonly commit: string
  /** NGINX: from its cache, or forwarded to a process. */
  readonly nginxHitUs: number
  readonly nginxForwardUs: number
  /** A process: from its cache, or read from a database. */
  readonly processHitUs: number
  readonly processMissUs: number
  /** PostgreSQL, for what a process reads. */
  readonly databaseReadUs: number
  /** On the wire, over all the shop's traffic: lists and 304s too, compressed, headers included. */
  readonly bytesPerReply: number
}

const pureShareMin = 0.9

/** Reads the costs from a run of the scenario `costs`. Throws when a leg was not of the kind it is for. */
export function costsOf(run: Legs & Pick<Run, 'startedMs' | 'machine'>): Costs {
  const edge = pureLegOf(run, 'edge', (state) => /^nginx (hit|stale)$/.test(state))
  const warm = pureLegOf(run, 'warm', (state) => /^product-overview hit$/.test(state))
  const cold = pureLegOf(run, 'cold', (state) => state === 'miss')
  return {
    measuredOn: new Date(run.startedMs).toISOString().slice(0, 10),
    machine: `${run.machine.cores} × ${run.machine.cpu}`,
    commit: run.machine.commit,
    nginxHitUs: cpuUs(edge, /^nginx/),
    nginxForwardUs: cpuUs(cold, /^nginx/),
    processHitUs: cpuUs(warm, /^instance/),
    processMissUs: cpuUs(cold, /^instance/),
    databaseReadUs: cpuUs(cold, /^(primary|replica)/),
    bytesPerReply: Math.round(legOf(run, 'mix').bytesPerReply),
  }
}

type Legs = Pick<Run, 'legs'>

function pureLegOf(run: Legs, name: string, isKind: (state: string) => boolean): MeasuredLeg {
  const leg = legOf(run, name)
  const share = Object.entries(leg.cacheShares)
    .filter(([state]) => isKind(state))
    .reduce((sum, [, one]) => sum + one, 0)
  if (share >= pureShareMin) return leg
  const found = Object.entries(leg.cacheShares).map(([state, one]) => `${state} ${percent(one)}`)
  throw new Error(
    `Leg "${name}": expected ${percent(pureShareMin)} of its kind, came ${found.join(', ')}. ` +
      'Costs are measured on a cluster with NGINX, and with 40,000 products or more.',
  )
}

function legOf({ legs }: Legs, name: string): MeasuredLeg {
  const leg = legs.find((one) => one.name === name)
  if (leg === undefined) throw new Error(`Expected a leg "${name}", the run has none`)
  return leg
}

function cpuUs({ costs }: MeasuredLeg, part: RegExp): number {
  const sum = costs
    .filter((cost) => part.test(cost.part))
    .reduce((total, { usPerRequest }) => total + usPerRequest, 0)
  return Math.round(sum * 10) / 10
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`
}
