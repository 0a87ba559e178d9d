import { setTimeout as sleep } from 'node:timers/promises'
import type { Aws } from './aws.ts'
import { awsFor, type CommonOptions, deployCommand, runCommand } from './command.ts'
import { membersOf } from './fleet.ts'
import { runOn } from './remote.ts'

interface DrainOptions extends CommonOptions {
  readonly undo: boolean
  readonly terminate: boolean
}

/** Requests under way end within READ_DEADLINE_MS; large pages within the 10 s of DRAIN_MS. */
const restMs = 10_000

const command = deployCommand(
  'drain',
  'Takes an API instance out of NGINX, so that it can be looked at, patched or ended. It goes on running.',
)
  .argument('<instance>', 'its id, i-…')
  .option('--undo', 'puts it back', false)
  .option('--terminate', 'ends it afterwards; the group starts another one', false)
  .action(drain)

async function drain(instance: string, options: DrainOptions): Promise<void> {
  const { stack, undo, terminate } = options
  const aws = awsFor(options)
  const api = await membersOf(aws, stack, 'Api')
  if (!api.some(({ id }) => id === instance)) {
    throw new Error(`expected one of ${api.map(({ id }) => id).join(', ')}, came ${instance}`)
  }
  if (!undo && !api.some(({ id, draining }) => id !== instance && !draining)) {
    throw new Error(`${instance} is the last one that answers; raise ApiCount first`)
  }
  const action = undo ? 'delete-tags' : 'create-tags'
  const tag = undo ? 'Key=drain' : 'Key=drain,Value=true'
  await aws.change(['ec2', action], { resources: instance, tags: tag })
  await tellNginx(aws, stack)
  if (!undo && !aws.dryRun) await sleep(restMs)
  if (terminate) await end(aws, instance)
  console.log(`${instance} ${undo ? 'is back' : 'gets no requests any more'}`)
}

/** A run that began before the tag was there did not see it: the first start waits for its end, the second one looks anew. */
const look = 'systemctl start product-overview-members.service'

async function tellNginx(aws: Aws, stack: string): Promise<void> {
  for (const { id } of await membersOf(aws, stack, 'Nginx')) {
    await runOn(aws, id, `${look} && ${look}`)
  }
}

async function end(aws: Aws, instance: string): Promise<void> {
  await aws.change(['autoscaling', 'terminate-instance-in-auto-scaling-group'], {
    instanceId: instance,
    noShouldDecrementDesiredCapacity: true,
  })
}

await runCommand(command)
