import { setTimeout as sleep } from 'node:timers/promises'
import type { Aws } from './aws.ts'
import { awsFor, type CommonOptions, deployCommand, runCommand } from './command.ts'
import {
  type DatabaseNode,
  instanceOf,
  otherNode,
  primaryNode,
  setPrimaryNode,
} from './database-node.ts'
import { runOn } from './remote.ts'

interface PromoteOptions extends CommonOptions {
  readonly primaryIsDead: boolean
}

const postgres = '/opt/product-overview/current/deploy/postgres'
const stop = 'systemctl stop product-overview-postgres.service'
const replayPollMs = 1000
const replaySecondsMax = 120

const command = deployCommand(
  'promote',
  `Makes the replica the primary. Reads go on all the while; writes wait. The old primary is stopped first and stays stopped:
bring it back with rebuild-replica.`,
)
  .option(
    '--primary-is-dead',
    'the old primary cannot be asked; what it had not sent is lost',
    false,
  )
  .action(promote)

async function promote({ primaryIsDead, ...options }: PromoteOptions): Promise<void> {
  const { stack } = options
  const aws = awsFor(options)
  const pointed = await primaryNode(aws, stack)
  // An earlier run may have moved the pointer and then broken off.
  const unfinished = (await stateOf(aws, stack, pointed)).startsWith('replica')
  const node = unfinished ? pointed : otherNode(pointed)
  const replica = await instanceOf(aws, stack, node)
  await expectReplica(aws, replica.id)
  if (!unfinished) {
    if (!primaryIsDead) await runOn(aws, (await instanceOf(aws, stack, pointed)).id, stop)
    await replayed(aws, replica.id)
    // Before the promotion: from here on the old one refuses to start (check-role).
    await setPrimaryNode(aws, stack, node)
  }
  await runOn(aws, replica.id, `${postgres}/promote`)
  console.log(`${node} is the primary; now: deploy/bin/rebuild-replica --stack ${stack}`)
}

/** What a node says it is; nothing when it cannot be asked, which is so with a dead one. */
async function stateOf(aws: Aws, stack: string, node: DatabaseNode): Promise<string> {
  try {
    const { id } = await instanceOf(aws, stack, node)
    return await runOn(aws, id, `${postgres}/replica-state`)
  } catch {
    return ''
  }
}

async function expectReplica(aws: Aws, instance: string): Promise<void> {
  const state = await runOn(aws, instance, `${postgres}/replica-state`)
  if (state.startsWith('replica') || aws.dryRun) return
  throw new Error(`${instance}: expected a replica, came ${state.trim()}`)
}

/** A promotion would end replaying where it stands. */
async function replayed(aws: Aws, instance: string): Promise<void> {
  for (let second = 0; second < replaySecondsMax && !aws.dryRun; second += 1) {
    const state = await runOn(aws, instance, `${postgres}/replica-state`)
    if (state.trim() === 'replica current') return
    await sleep(replayPollMs)
  }
}

await runCommand(command)
