import type { Machine } from '../machine.ts'
import { clientAddress } from '../network.ts'
import { run } from '../run.ts'
import type { MachineName, Site } from '../site.ts'
import type { Step } from '../step.ts'

/** Who may open a connection to whom; everything else must be refused. From the issue's own words, not from the template. */
const allowed = new Set([
  'client>nginx:80',
  'nginx>api1:3000',
  'nginx>api2:3000',
  'api1>pg1:5432',
  'api1>pg2:5432',
  'api2>pg1:5432',
  'api2>pg2:5432',
  'pg1>pg2:5432',
  'pg2>pg1:5432',
])

const ports: Readonly<Record<MachineName, readonly number[]>> = {
  nginx: [80, 22, 8081],
  api1: [3000, 22],
  api2: [3000, 22],
  pg1: [5432, 22],
  pg2: [5432, 22],
}

export const networkStep: Step = {
  name: 'network',
  proves:
    "with the stack's security groups as firewalls, each part speaks to its neighbours and to nobody else",
  run: async ({ site: openSite }) => {
    const site = await openSite()
    const wrong: string[] = []
    let tried = 0
    for (const from of ['client', ...Object.keys(site.machines)]) {
      for (const [to, machine] of Object.entries(site.machines) as [MachineName, Machine][]) {
        for (const port of from === to ? [] : ports[to]) {
          const pair = `${from}>${to}:${port}`
          tried += 1
          const open = await canConnect(from, machine.address, port)
          if (open !== allowed.has(pair)) wrong.push(`${pair} ${open ? 'is open' : 'is shut'}`)
        }
      }
    }
    wrong.push(...(await uninvited(site)))
    if (wrong.length > 0) throw new Error(wrong.join(', '))
    return `${tried} connections tried, ${allowed.size} open; nothing reaches the client uninvited`
  },
}

/** A connection from one namespace: a shut port drops, an open one answers or refuses at once. */
async function canConnect(from: string, address: string, port: number): Promise<boolean> {
  const attempt = `exec 3<>/dev/tcp/${address}/${port}`
  const { code } = await run(
    'ip',
    ['netns', 'exec', `po-${from}`, 'timeout', '0.7', 'bash', '-c', attempt],
    { mayFail: true },
  )
  // 0: connected. 1: refused, which a firewall that lets through and no listener give. 124: dropped.
  return code !== 124
}

async function uninvited({ machines }: Site): Promise<string[]> {
  const open: string[] = []
  for (const name of Object.keys(machines)) {
    if (await canConnect(name, clientAddress, 5432)) open.push(`${name}>client:5432 is open`)
  }
  return open
}
