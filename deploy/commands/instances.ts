import { awsFor, type CommonOptions, deployCommand, runCommand } from './command.ts'
import { primaryNode } from './database-node.ts'
import { describeMember, groups, membersOf } from './fleet.ts'

const command = deployCommand(
  'instances',
  'Lists the instances that run: group, id, address, which database is the primary, what is taken out. It only reads.',
).action(listInstances)

async function listInstances(options: CommonOptions): Promise<void> {
  const aws = awsFor(options)
  const primary = await primaryNode(aws, options.stack)
  for (const group of groups) {
    for (const member of await membersOf(aws, options.stack, group)) {
      console.log(describeMember(member, primary))
    }
  }
}

await runCommand(command)
