import { setTimeout as sleep } from 'node:timers/promises'
import type { Aws } from './aws.ts'
import { lossOf, stateOf } from './node-state.ts'
import { runOn } from './remote.ts'

const service = 'product-overview-postgres.service'
const replayPollMs = 1000
const replayMsMax = 120_000

/** The instances of a hand-over; a primary that cannot be asked is undefined. */
export interface HandOver {
  readonly primary: string | undefined
  readonly replica: string
  /** Says what is lost and goes on, where it would throw. */
  readonly acceptLoss: boolean
}

/**
 * Stops the primary, and resolves when the replica has all that it wrote. Throws when something would be lost: before it
 * stops anything when the replica does not stream, and afterwards when the replica ends before the primary.
 */
export async function handOver(aws: Aws, nodes: HandOver): Promise<void> {
  const { primary, acceptLoss } = nodes
  const lossBefore = await lossNow(aws, nodes)
  if (lossBefore !== undefined && !acceptLoss) throw refusal(lossBefore, nodes)
  if (primary !== undefined) await runOn(aws, primary, `systemctl stop ${service}`)
  // What was not on its way before does not come afterwards.
  const deadline = Date.now() + (lossBefore === undefined ? replayMsMax : 0)
  let loss = await lossNow(aws, nodes)
  while (loss !== undefined && Date.now() < deadline) {
    await sleep(replayPollMs)
    loss = await lossNow(aws, nodes)
  }
  if (loss === undefined) return
  if (!acceptLoss) throw refusal(loss, nodes)
  console.log(`accepted: ${loss}`)
}

const refusal = (loss: string, { primary }: HandOver) =>
  new Error(`nothing is promoted: ${loss}. See ReplicaBehind in deploy/RUNBOOK.md; a primary that is stopped is started again
by systemctl start ${service} on ${primary}. --accept-loss promotes all the same`)

async function lossNow(aws: Aws, { primary, replica }: HandOver): Promise<string | undefined> {
  const from = primary === undefined ? undefined : await stateOf(aws, primary)
  const to = await stateOf(aws, replica)
  if (aws.dryRun) return undefined
  if (from?.role === 'replica') throw new Error(`${primary}: expected the primary, it is a replica`)
  if (to?.role !== 'replica') throw new Error(`${replica}: expected a replica, it is a primary`)
  return lossOf(from, to)
}
