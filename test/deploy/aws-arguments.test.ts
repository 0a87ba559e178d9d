import { describe, expect, it } from 'vitest'
import { awsArguments } from '../../deploy/commands/aws.ts'

describe('a command line of the AWS CLI', () => {
  it('writes options as the CLI spells them', () => {
    const line = awsArguments(['ssm', 'put-parameter'], { name: '/shop/release', overwrite: true })

    expect(line).toEqual(['ssm', 'put-parameter', '--name', '/shop/release', '--overwrite'])
  })

  it('gives a list as several words, and a text with blanks as one', () => {
    const line = awsArguments(['ec2', 'describe-instances'], {
      instanceIds: ['i-1', 'i-2'],
      query: 'a b',
    })

    expect(line.slice(2)).toEqual(['--instance-ids', 'i-1', 'i-2', '--query', 'a b'])
  })
})
