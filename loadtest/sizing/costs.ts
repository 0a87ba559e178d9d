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
  /** On the wire, as a browser asks for it (compressed), headers included. */
  readonly bytesPerReply: number
}

const pureShareMin = 0.9

/** Reads the costs from a run of the scenario `costs`. Throws when a leg was not of the kind it is for. */
export function costsOf(run: Pick<Run, 'legs' | 'startedMs' | 'machine'>): Costs {
  const edge = legOf(run, 'edge', (state) => /^nginx (hit|stale)$/.test(state))
  const warm = legOf(run, 'warm', (state) => /^product-overview hit$/.test(state))
  const cold = legOf(run, 'cold', (state) => state === 'miss')
  return {
    measuredOn: new Date(run.startedMs).toISOString().slice(0, 10),
    machine: `${run.machine.cores} × ${run.machine.cpu}`,
    commit: run.machine.commit,
    nginxHitUs: cpuUs(edge, /^nginx/),
    nginxForwardUs: cpuUs(cold, /^nginx/),
    processHitUs: cpuUs(warm, /^instance/),
    processMissUs: cpuUs(cold, /^instance/),
    databaseReadUs: cpuUs(cold, /^(primary|replica)/),
    bytesPerReply: Math.round(edge.bytesPerReply),
  }
}

function legOf(
  { legs }: Pick<Run, 'legs'>,
  name: string,
  isKind: (state: string) => boolean,
): MeasuredLeg {
  const leg = legs.find((one) => one.name === name)
  if (leg === undefined) throw new Error(`Expected a leg "${name}", the run has none`)
  const share = Object.entries(leg.cacheShares)
    .filter(([state]) => isKind(state))
    .reduce((sum, [, one]) => sum + one, 0)
  if (share >= pureShareMin) return leg
  const found = Object.entries(leg.cacheShares).map(([state, one]) => `${state} ${percent(one)}`)
  throw new Error(
    `Leg "${name}": expected ${percent(pureShareMin)} of its kind, came ${found.join(', ')}. ` +
      'Costs are measured on a cluster with NGINX, and with 15,000 products or more.',
  )
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
