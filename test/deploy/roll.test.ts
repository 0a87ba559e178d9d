import { describe, expect, it } from 'vitest'
import type { Aws } from '../../deploy/commands/aws.ts'
import { roll } from '../../deploy/commands/roll.ts'

/** A dry run's AWS with one instance in each group, and where it was sent commands to. */
function awsWithOneOfEach(): { aws: Aws; reached: string[] } {
  const reached: string[] = []
  const aws: Aws = {
    dryRun: true,
    read: async ([, action], { filters }) => {
      if (action !== 'describe-instances') return []
      const group = /group,Values=(\w+)/.exec(String(filters))?.[1]
      return [{ InstanceId: `i-${group}`, PrivateIpAddress: '10.0.0.1', Tags: [] }]
    },
    change: async ([, action], { instanceIds }) => {
      reached.push(String(instanceIds ?? action))
      return undefined
    },
  }
  return { aws, reached }
}

describe('a release', () => {
  it('reaches the databases before the servers that read from them, and the pointer last', async () => {
    const { aws, reached } = awsWithOneOfEach()

    await roll(aws, 'shop', { version: '2', sha256: 'a'.repeat(64) })

    expect(reached).toEqual(['i-Postgres1', 'i-Postgres2', 'i-Api', 'i-Nginx', 'put-parameter'])
  })
})
