import type { Aws } from './aws.ts'
import { type Member, membersOf } from './fleet.ts'

export type DatabaseNode = 'postgres1' | 'postgres2'

const groupOf = { postgres1: 'Postgres1', postgres2: 'Postgres2' } as const
const nameOf = (stack: string) => `/${stack}/primary`

/** The other one of the two. */
export const otherNode = (node: DatabaseNode): DatabaseNode =>
  node === 'postgres1' ? 'postgres2' : 'postgres1'

/** The node that is to be the primary: the last one promoted, else the first. */
export async function primaryNode(aws: Aws, stack: string): Promise<DatabaseNode> {
  const found = (await aws.read(['ssm', 'describe-parameters'], {
    parameterFilters: `Key=Name,Values=${nameOf(stack)}`,
    query: 'Parameters[].Name',
  })) as string[]
  if (found.length === 0) return 'postgres1'
  const value = await aws.read(['ssm', 'get-parameter'], {
    name: nameOf(stack),
    query: 'Parameter.Value',
  })
  return value as DatabaseNode
}

export async function setPrimaryNode(aws: Aws, stack: string, node: DatabaseNode): Promise<void> {
  await aws.change(['ssm', 'put-parameter'], {
    name: nameOf(stack),
    value: node,
    type: 'String',
    overwrite: true,
  })
}

/** The instance that is a node now; throws when there is none. */
export async function instanceOf(aws: Aws, stack: string, node: DatabaseNode): Promise<Member> {
  const [member] = await membersOf(aws, stack, groupOf[node])
  if (member === undefined) throw new Error(`${node}: no running instance in stack ${stack}`)
  return member
}
