import { describe, expect, it } from 'vitest'
import { firewallOf } from '../../deploy/rehearse/firewall.ts'

const rule = (port: number, peers: { cidr?: string; group?: string }) => ({
  FromPort: port,
  ToPort: port,
  IpRanges: peers.cidr === undefined ? [] : [{ CidrIp: peers.cidr }],
  UserIdGroupPairs: peers.group === undefined ? [] : [{ GroupId: peers.group }],
})
const groups = [
  {
    GroupId: 'sg-api',
    IpPermissions: [rule(3000, { group: 'sg-nginx' })],
    IpPermissionsEgress: [rule(443, { cidr: '0.0.0.0/0' })],
  },
  {
    GroupId: 'sg-nginx',
    IpPermissions: [],
    IpPermissionsEgress: [rule(3000, { group: 'sg-api' })],
  },
]
const api = { address: '10.0.0.1', groupIds: ['sg-api'] }
const nginx = { address: '10.0.0.2', groupIds: ['sg-nginx'] }

describe('the firewall made of security groups', () => {
  it('lets in the members of the group that a rule names, and nobody else', () => {
    const text = firewallOf(api, [api, nginx], groups)

    expect(text).toContain('ip saddr 10.0.0.2 tcp dport 3000-3000 accept')
    expect(text.match(/saddr/g)).toHaveLength(1)
  })

  it('lets out to where a rule says, and drops the rest', () => {
    const text = firewallOf(api, [api, nginx], groups)

    expect(text).toContain('ip daddr 0.0.0.0/0 tcp dport 443-443 accept')
    expect(text.match(/policy drop/g)).toHaveLength(2)
  })

  it('holds for a group without members: nobody comes in', () => {
    expect(firewallOf(api, [api], groups)).not.toContain('saddr')
  })
})
