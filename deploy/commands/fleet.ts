import type { Aws } from './aws.ts'

/**
 * The groups of the template, in the order in which a release reaches them: the primary adds what a new server reads to the
 * catalogue (deploy/postgres/set-up), and servers of the release before do not mind it.
 */
export const groups = ['Postgres1', 'Postgres2', 'Api', 'Nginx'] as const
export type Group = (typeof groups)[number]

/** An instance of a stack that is in service. */
export interface Member {
  readonly id: string
  readonly group: Group
  readonly address: string
  /** NGINX is to leave it out, or does so already. */
  readonly draining: boolean
}

interface Instance {
  readonly InstanceId: string
  readonly PrivateIpAddress: string
  readonly Tags: readonly { readonly Key: string; readonly Value: string }[]
}

/** The running instances of a group, in the order of their ids; none when the stack is not there yet. */
export async function membersOf(aws: Aws, stack: string, group: Group): Promise<Member[]> {
  const found = await aws.read(['ec2', 'describe-instances'], {
    query: 'Reservations[].Instances[]',
    filters: [
      `Name=tag:stack,Values=${stack}`,
      `Name=tag:group,Values=${group}`,
      'Name=instance-state-name,Values=running',
    ],
  })
  return (found as Instance[])
    .map(({ InstanceId: id, PrivateIpAddress: address, Tags }) => {
      return { id, group, address, draining: Tags.some(({ Key }) => Key === 'drain') }
    })
    .toSorted((a, b) => a.id.localeCompare(b.id))
}

/** A line about an instance for the operator; `primary` is the database node that takes writes. */
export const describeMember = (member: Member, primary: string): string =>
  [
    member.group.padEnd('Postgres1'.length),
    member.id,
    member.address.padEnd('255.255.255.255'.length),
    noteOf(member, primary),
  ]
    .join('  ')
    .trimEnd()

function noteOf({ group, draining }: Member, primary: string): string {
  if (group.startsWith('Postgres')) return group.toLowerCase() === primary ? 'primary' : 'replica'
  return draining ? 'drained' : ''
}
