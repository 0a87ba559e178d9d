import { awsFor, type CommonOptions, deployCommand, runCommand } from './command.ts'
import { instanceOf, otherNode, primaryNode } from './database-node.ts'
import { runOn } from './remote.ts'

/** A copy of 24 GB over 300 Mbit/s takes eleven minutes. */
const secondsMax = 3600

const command = deployCommand(
  'rebuild-replica',
  'Makes the node that is not the primary a fresh copy of it. The data of that node is deleted.',
).action(async (options: CommonOptions) => {
  const aws = awsFor(options)
  const node = otherNode(await primaryNode(aws, options.stack))
  const { id } = await instanceOf(aws, options.stack, node)
  await runOn(aws, id, '/opt/product-overview/current/deploy/postgres/rebuild', secondsMax)
  console.log(`${node} (${id}) streams from the primary`)
})

await runCommand(command)
