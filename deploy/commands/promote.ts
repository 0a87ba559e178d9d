import type { Aws } from './aws.ts'
import { awsFor, type CommonOptions, deployCommand, runCommand } from './command.ts'
import {
  type DatabaseNode,
  instanceOf,
  otherNode,
  primaryNode,
  setPrimaryNode,
} from './database-node.ts'
import { handOver } from './hand-over.ts'
import { type NodeState, stateOf } from './node-state.ts'
import { runOn } from './remote.ts'

interface PromoteOptions extends CommonOptions {
  readonly primaryIsDead: boolean
  readonly acceptLoss: boolean
}

const command = deployCommand(
  'promote',
  `Makes the replica the primary. Reads go on all the while; writes wait. The old primary is stopped first and stays stopped:
bring it back with rebuild-replica. Nothing is promoted that lacks what the old primary wrote.`,
)
  .option(
    '--primary-is-dead',
    'the old primary cannot be asked; says what the replica has, the rest is lost',
    false,
  )
  .option('--accept-loss', 'also when the replica lacks something; says what is lost', false)
  .action(promote)

async function promote({ primaryIsDead, acceptLoss, ...options }: PromoteOptions): Promise<void> {
  const { stack } = options
  const aws = awsFor(options)
  const pointed = await primaryNode(aws, stack)
  const former = await askIfThere(aws, stack, pointed)
  // An earlier run moved the pointer and then broke off.
  if (former?.state?.role === 'replica') return finish(aws, stack, pointed, former.id)
  expectDead(pointed, former !== undefined, primaryIsDead)
  const node = otherNode(pointed)
  const { id } = await instanceOf(aws, stack, node)
  await handOver(aws, {
    primary: primaryIsDead ? undefined : former?.id,
    replica: id,
    acceptLoss: acceptLoss || primaryIsDead,
  })
  // Before the promotion: from here on the old one refuses to start (check-role).
  await setPrimaryNode(aws, stack, node)
  await finish(aws, stack, node, id)
}

/** The instance that is a node and what it says of itself; undefined when it cannot be asked, which is so with a dead one. */
async function askIfThere(
  aws: Aws,
  stack: string,
  node: DatabaseNode,
): Promise<{ id: string; state: NodeState | undefined } | undefined> {
  try {
    const { id } = await instanceOf(aws, stack, node)
    return { id, state: await stateOf(aws, id) }
  } catch {
    return undefined
  }
}

/** Two primaries are worse than none: one that answers is stopped, and nobody is taken for dead by mistake. */
function expectDead(node: DatabaseNode, answers: boolean, isSaidToBeDead: boolean): void {
  if (answers && isSaidToBeDead) {
    throw new Error(`${node} answers: leave --primary-is-dead out, so that it is stopped first`)
  }
  if (!answers && !isSaidToBeDead) {
    throw new Error(`${node} does not say what it is: try again, or --primary-is-dead if it is`)
  }
}

async function finish(aws: Aws, stack: string, node: DatabaseNode, id: string): Promise<void> {
  await runOn(aws, id, '/opt/product-overview/current/deploy/postgres/promote')
  console.log(`${node} is the primary; now: deploy/bin/rebuild-replica --stack ${stack}`)
}

await runCommand(command)
