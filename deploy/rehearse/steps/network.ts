import { clientAddress } from '../network.ts'
import { run } from '../run.ts'
import type { MachineName, Site } from '../site.ts'
import type { Step } from '../step.ts'

/** Who may open a connection to whom, beside NGINX, which the whole world may ask; everything else must be refused. */
const allowed = new Set([
  'nginx>api1:3000',
  'nginx>api2:3000',
  'api1>pg1:5432',
  'api1>pg2:5432',
  'api2>pg1:5432',
  'api2>pg2:5432',
  'pg1>pg2:5432',
  'pg2>pg1:5432',
])
const mayOpen = (pair: string) => allowed.has(pair) || pair.endsWith('>nginx:80')

/** Enough for a machine with other work; a refusal by a firewall takes all of it. */
const connectSecondsMax = 4

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
    const pairs = pairsOf(site)
    const results = await Promise.all(
      pairs.map(async (pair) => ({ ...pair, open: await canConnect(pair) })),
    )
    const wrong = results.filter(({ name, open }) => open !== mayOpen(name))
    if (wrong.length > 0) {
      throw new Error(
        wrong.map(({ name, open }) => `${name} is ${open ? 'open' : 'shut'}`).join(', '),
      )
    }
    const shut = results.filter(({ open }) => !open).length
    return `${results.length} connections tried: ${results.length - shut} open, ${shut} shut, as they should be`
  },
}

interface Pair {
  readonly name: string
  readonly from: string
  readonly address: string
  readonly port: number
}

/** Every port of every machine from every other place, and a port of the client from every machine. */
function pairsOf({ machines }: Site): Pair[] {
  const targets = Object.entries(machines).flatMap(([to, { address }]) =>
    ports[to as MachineName].map((port) => ({ to, address, port })),
  )
  return ['client', ...Object.keys(machines)].flatMap((from) =>
    [...targets, { to: 'client', address: clientAddress, port: 5432 }]
      .filter(({ to }) => to !== from)
      .map(({ to, address, port }) => ({ name: `${from}>${to}:${port}`, from, address, port })),
  )
}

/** A connection from one namespace: a shut port drops, an open one answers or refuses at once. */
async function canConnect({ from, address, port }: Pair): Promise<boolean> {
  const { code } = await run(
    'ip',
    [
      ...['netns', 'exec', `po-${from}`, 'timeout', `${connectSecondsMax}`],
      ...['bash', '-c', `exec 3<>/dev/tcp/${address}/${port}`],
    ],
    { mayFail: true },
  )
  // 0: connected. 1: refused, by a machine without a listener. 124: dropped, by a firewall.
  return code !== 124
}
