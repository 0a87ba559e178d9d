import { awsFor, type CommonOptions, deployCommand, runCommand } from './command.ts'
import { instanceOf, otherNode, primaryNode, setPrimaryNode } from './database-node.ts'
import { runOn } from './remote.ts'

interface PromoteOptions extends CommonOptions {
  readonly primaryIsDead: boolean
}

const postgres = '/opt/product-overview/current/deploy/postgres'
const isReplica = `. ${postgres}/environment && is_replica`
const stop = 'systemctl stop product-overview-postgres.service'
const behind = `
  as_postgres psql -XAtqc "select coalesce(pg_last_wal_receive_lsn() <> pg_last_wal_replay_lsn(), true)"`

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

async function promote(options: PromoteOptions): Promise<void> {
  const { stack, primaryIsDead } = options
  const aws = awsFor(options)
  const old = await primaryNode(aws, stack)
  const node = otherNode(old)
  const replica = await instanceOf(aws, stack, node)
  await runOn(aws, replica.id, isReplica)
  if (!primaryIsDead) await runOn(aws, (await instanceOf(aws, stack, old)).id, stop)
  const late = await runOn(aws, replica.id, `. ${postgres}/environment; ${behind.trim()}`)
  if (late.trim() === 't') console.log(`${node} still replays what it received`)
  // Before the promotion: from here on the old one refuses to start (check-role).
  await setPrimaryNode(aws, stack, node)
  await runOn(aws, replica.id, `${postgres}/promote`)
  console.log(`${node} is the primary; now: deploy/bin/rebuild-replica --stack ${stack}`)
}

await runCommand(command)
