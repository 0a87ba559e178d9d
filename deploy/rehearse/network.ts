import { run } from './run.ts'
import { vpcPrefix } from './stack.ts'

/** This machine's address in the rehearsed VPC: there AWS and the package mirror answer. */
export const gateway = `${vpcPrefix}.255.254`
/** Where the client stands, outside of every subnet. */
export const clientAddress = `${vpcPrefix}.200.1`

const vpc = 'po-vpc'
const clientSpace = 'po-client'
const ip = (...args: string[]) => run('ip', args)

/** A network namespace in the VPC, with a way to the others and to the gateway, and none further. */
export interface Space {
  readonly name: string
  readonly address: string
}

export interface Network {
  readonly client: Space
  readonly addSpace: (name: string, address: string) => Promise<Space>
  readonly remove: () => Promise<void>
}

/** Makes the VPC: a bridge in a namespace of its own, the gateway, and the client. What an earlier run left is removed. */
export async function createNetwork(): Promise<Network> {
  await removeNetwork()
  await ip('netns', 'add', vpc)
  await ip('-n', vpc, 'link', 'add', 'bridge', 'type', 'bridge')
  await ip('-n', vpc, 'link', 'set', 'bridge', 'up')
  await ip('link', 'add', 'po-gate', 'type', 'veth', 'peer', 'name', 'gate', 'netns', vpc)
  await ip('-n', vpc, 'link', 'set', 'gate', 'master', 'bridge', 'up')
  await ip('address', 'add', `${gateway}/16`, 'dev', 'po-gate')
  await ip('link', 'set', 'po-gate', 'up')
  return { client: await addSpace(clientSpace, clientAddress), addSpace, remove: removeNetwork }
}

async function addSpace(name: string, address: string): Promise<Space> {
  // Interface names have 15 characters at most.
  const port = `p${address.split('.').slice(2).join('-')}`
  await ip('netns', 'add', name)
  await ip('-n', name, 'link', 'add', 'eth0', 'type', 'veth', 'peer', 'name', port, 'netns', vpc)
  await ip('-n', vpc, 'link', 'set', port, 'master', 'bridge', 'up')
  await ip('-n', name, 'address', 'add', `${address}/16`, 'dev', 'eth0')
  await ip('-n', name, 'link', 'set', 'eth0', 'up')
  await ip('-n', name, 'link', 'set', 'lo', 'up')
  await ip('-n', name, 'route', 'add', 'default', 'via', gateway)
  return { name, address }
}

async function removeNetwork(): Promise<void> {
  const { stdout } = await ip('netns', 'list')
  for (const line of stdout.split('\n')) {
    const [name = ''] = line.split(' ')
    if (name.startsWith('po-')) await ip('netns', 'delete', name)
  }
  // Its peer went with the namespace; a run that broke off half way may have left it.
  await run('ip', ['link', 'delete', 'po-gate'], { mayFail: true })
}
