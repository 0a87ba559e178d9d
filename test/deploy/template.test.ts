import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const template = readFileSync('deploy/aws/service.yaml', 'utf8')

/** What CloudFormation lets a parameter be: it compares the whole value. */
function patternOf(parameter: string): RegExp {
  const text = new RegExp(`^ {2}${parameter}:\n(?: {4}.*\n)*? {4}AllowedPattern: '(.*)'$`, 'm')
  return new RegExp(text.exec(template)?.[1] ?? 'there is no pattern')
}

describe('VpcPrefix', () => {
  it.each(['10.0', '10.20', '10.255', '172.16', '172.31', '192.168'])('may be %s', (prefix) => {
    expect(prefix).toMatch(patternOf('VpcPrefix'))
  })

  it.each(['10.256', '10.00', '172.15', '172.32', '172.50', '192.5', '100.64', '10', '10.1.2'])(
    'may not be %s, to which IPAddressDeny of the API shuts its instances',
    (prefix) => {
      expect(prefix).not.toMatch(patternOf('VpcPrefix'))
    },
  )
})

describe('UnlimitedClients', () => {
  it.each(['', '203.0.113.7/32', '203.0.113.7/32,198.51.100.0/24'])('may be %j', (networks) => {
    expect(networks).toMatch(patternOf('UnlimitedClients'))
  })

  it.each(['203.0.113.7', '1.2.3.4/32,', '1.2.3.4/32, 5.6.7.8/32', '$(reboot)', '0.0.0.0/0;'])(
    'may not be %j',
    (networks) => {
      expect(networks).not.toMatch(patternOf('UnlimitedClients'))
    },
  )
})
