import type { Aws } from './aws.ts'
import { runOn } from './remote.ts'

/** Where something stands in the WAL: bytes since its beginning. */
type WalPlace = bigint

export interface Primary {
  readonly role: 'primary'
  /** Crashed: it was not shut down in order, so that nobody can tell where its WAL ends. */
  readonly is: 'running' | 'stopped' | 'crashed'
  /** The place of its last record, its shutdown checkpoint; only when it is stopped. */
  readonly endsAt?: WalPlace
}

export interface Replica {
  readonly role: 'replica'
  readonly isStreaming: boolean
  readonly replayedTo: WalPlace
  /** When the last change that it has was committed, or `unknown`. */
  readonly lastChange: string
}

export type NodeState = Primary | Replica

/** What the node on an instance says of itself; undefined in a dry run, in which nobody is asked. */
export async function stateOf(aws: Aws, instance: string): Promise<NodeState | undefined> {
  const said = await runOn(
    aws,
    instance,
    '/opt/product-overview/current/deploy/postgres/node-state',
  )
  return aws.dryRun ? undefined : parseNodeState(said)
}

/** What deploy/postgres/node-state printed; throws when it is nothing of the kind. */
export function parseNodeState(said: string): NodeState {
  const [role, is, place = '', lastChange = 'unknown'] = said.trim().split(' ')
  if (role === 'replica' && (is === 'streaming' || is === 'apart')) {
    return { role, isStreaming: is === 'streaming', replayedTo: parsePlace(place), lastChange }
  }
  if (role === 'primary' && is === 'stopped') return { role, is, endsAt: parsePlace(place) }
  if (role === 'primary' && (is === 'running' || is === 'crashed')) return { role, is }
  throw new Error(`expected what a database node says of itself, came ${JSON.stringify(said)}`)
}

/**
 * A sentence on what would be lost if the replica became the primary now; undefined when that is nothing, or nothing yet
 * because the primary runs and sends what it has. A primary that cannot be asked is undefined.
 */
export function lossOf(primary: Primary | undefined, replica: Replica): string | undefined {
  const lost =
    replica.lastChange === 'unknown' ? 'what it lacks' : `what came after ${replica.lastChange}`
  if (primary === undefined) return `the replica takes over as it is, and ${lost} is lost`
  if (primary.is === 'running') {
    return replica.isStreaming ? undefined : `the replica does not stream, so ${lost} is lost`
  }
  if (primary.endsAt === undefined) {
    return `the primary was not shut down in order, so ${lost} may be lost`
  }
  // One is the end of what was replayed, the other the beginning of the last record: when they are equal, it is missing.
  const missing = primary.endsAt - replica.replayedTo
  return missing < 0n
    ? undefined
    : `the replica stands ${missing} bytes before the primary's last record, so ${lost} is lost`
}

/** Two halves of 32 bits, as in `16/B374D848`. */
function parsePlace(text: string): WalPlace {
  const [, high, low] = /^([0-9A-F]{1,8})\/([0-9A-F]{1,8})$/.exec(text) ?? []
  if (high === undefined || low === undefined) {
    throw new Error(`expected a place in the WAL like 16/B374D848, came ${JSON.stringify(text)}`)
  }
  return (BigInt(`0x${high}`) << 32n) + BigInt(`0x${low}`)
}
