import type { Cloud } from './cloud.ts'
import { baseImage } from './base-image.ts'
import { run } from './run.ts'
import { stackName } from './stack.ts'

interface Rule {
  readonly FromPort: number
  readonly ToPort: number
  readonly IpRanges: readonly { readonly CidrIp: string }[]
  readonly UserIdGroupPairs: readonly { readonly GroupId: string }[]
}

interface SecurityGroup {
  readonly GroupId: string
  readonly IpPermissions: readonly Rule[]
  readonly IpPermissionsEgress: readonly Rule[]
}

/** An instance as far as security groups go. */
export interface Guarded {
  readonly address: string
  readonly groupIds: readonly string[]
}

/** The security groups that the template made, as AWS gives them. */
export const securityGroups = (cloud: Cloud) =>
  cloud.aws('ec2', 'describe-security-groups', '--query', 'SecurityGroups') as Promise<
    SecurityGroup[]
  >

/** The group of the load balancer, which the client holds here: it stands where the load balancer's connections come from. */
export const loadBalancerGroup = (cloud: Cloud) =>
  cloud.aws(
    'cloudformation',
    'describe-stack-resources',
    ...['--stack-name', stackName],
    ...[
      '--query',
      "StackResources[?LogicalResourceId=='LoadBalancerGroup'].PhysicalResourceId | [0]",
    ],
  ) as Promise<string>

/** The firewall of one instance in nft's language: what its groups admit and nothing else. */
export function firewallOf(
  instance: Guarded,
  all: readonly Guarded[],
  groups: readonly SecurityGroup[],
): string {
  const held = groups.filter(({ GroupId }) => instance.groupIds.includes(GroupId))
  const peersOf = (rule: Rule) => [
    ...rule.IpRanges.map(({ CidrIp }) => CidrIp),
    ...rule.UserIdGroupPairs.flatMap(({ GroupId }) =>
      all.filter(({ groupIds }) => groupIds.includes(GroupId)).map(({ address }) => address),
    ),
  ]
  const admit = (rules: readonly Rule[], side: 'saddr' | 'daddr') =>
    rules.flatMap((rule) =>
      peersOf(rule).map(
        (peer) => `    ip ${side} ${peer} tcp dport ${rule.FromPort}-${rule.ToPort} accept`,
      ),
    )
  const chain = (name: 'input' | 'output', rules: readonly string[]) => `
  chain ${name} {
    type filter hook ${name} priority 0; policy drop;
    ${name === 'input' ? 'iifname' : 'oifname'} lo accept
    ct state established,related accept
${rules.join('\n')}
  }`
  const ingress = held.flatMap((group) => admit(group.IpPermissions, 'saddr'))
  const egress = held.flatMap((group) => admit(group.IpPermissionsEgress, 'daddr'))
  return `flush ruleset
table ip security_groups {${chain('input', ingress)}${chain('output', egress)}
}
`
}

/** Puts a firewall around a namespace, in place of the one it had. */
export async function guard(space: string, rules: string): Promise<void> {
  const image = await baseImage()
  await run('ip', ['netns', 'exec', space, 'chroot', image, 'nft', '--file', '-'], { input: rules })
}
