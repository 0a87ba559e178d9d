import { readFileSync } from 'node:fs'
import type { Cloud } from './cloud.ts'
import { root } from './folder.ts'

export const stackName = 'shop'
/** Addresses that no other network of this machine is likely to have. */
export const vpcPrefix = '10.199'

type Parameters = Readonly<Record<string, string>>

/** The smallest deployment that has all parts: one NGINX, two API instances, two databases. */
export const smallest: Parameters = { VpcPrefix: vpcPrefix, NginxCount: '1', ApiCount: '2' }

/** Makes the stack of the bucket, and gives the bucket's name. */
export async function createArtifacts(cloud: Cloud): Promise<string> {
  await stackCall(cloud, 'create-stack', `${stackName}-artifacts`, 'artifacts.yaml', {})
  const found = (await cloud.aws(
    'cloudformation',
    'describe-stacks',
    '--stack-name',
    `${stackName}-artifacts`,
    '--query',
    'Stacks[0].Outputs[0].OutputValue',
  )) as string
  return found
}

/** Makes or updates the stack of the service. */
export const serviceStack = (
  cloud: Cloud,
  action: 'create-stack' | 'update-stack',
  parameters: Parameters,
) => stackCall(cloud, action, stackName, 'service.yaml', parameters)

async function stackCall(
  cloud: Cloud,
  action: string,
  name: string,
  template: string,
  parameters: Parameters,
): Promise<void> {
  const given = Object.entries(parameters).map(([ParameterKey, ParameterValue]) => ({
    ParameterKey,
    ParameterValue,
  }))
  await cloud.aws(
    'cloudformation',
    action,
    '--stack-name',
    name,
    '--capabilities',
    'CAPABILITY_IAM',
    '--template-body',
    readFileSync(`${root}/deploy/aws/${template}`, 'utf8'),
    '--parameters',
    JSON.stringify(given),
  )
}

/** The user data that instances of a role would be started with, by role. */
export async function userData(cloud: Cloud): Promise<Map<string, string>> {
  const templates = (await cloud.aws(
    'ec2',
    'describe-launch-template-versions',
    '--versions',
    '$Latest',
    '--query',
    'LaunchTemplateVersions[].LaunchTemplateData.UserData',
  )) as string[]
  const texts = templates.map((text) => Buffer.from(text, 'base64').toString('utf8'))
  return new Map(texts.map((text) => [/^\s*ROLE=(\w+)$/m.exec(text)?.[1] ?? '', text]))
}
