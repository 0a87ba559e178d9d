import { clientAddress } from '../network.ts'
import { run } from '../run.ts'
import type { MachineName, Site } from '../site.ts'
import type { Step } from '../step.ts'

const machineNames: readonly MachineName[] = ['nginx', 'api1', 'api2', 'pg1', 'pg2']

/** Who may open a connection to whom; everything else must be refused. The client stands for the load balancer and all clients. */
const allowed = new Set([
  'client>nginx:80',
  'client>nginx:443',
  'nginx>api1:3000',
  'nginx>api2:3000',
  'api1>pg1:5432',
  'api1>pg2:5432',
  'api2>pg1:5432',
  'api2>pg2:5432',
  'pg1>pg2:5432',
  'pg2>pg1:5432',
  // AWS and the package mirrors, wherever they are.
  ...machineNames.flatMap((name) => [`${name}>client:80`, `${name}>client:443`]),
])

/** Enough for a machine with other work; a refusal by a firewall takes all of it. */
const connectSecondsMax = 4

/** Everything that listens somewhere (8081 is NGINX's operations port), and what nobody may use. */
const ports = [22, 80, 443, 3000, 5432, 8081]

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
    const wrong = results.filter(({ name, open }) => open !== allowed.has(name))
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

/** Every port of every place from every other place. */
function pairsOf({ machines }: Site): Pair[] {
  const places = [
    { place: 'client', address: clientAddress },
    ...machineNames.map((place) => ({ place, address: machines[place].address })),
  ]
  return places.flatMap(({ place: from }) =>
    places
      .filter(({ place }) => place !== from)
      .flatMap(({ place: to, address }) =>
        ports.map((port) => ({ name: `${from}>${to}:${port}`, from, address, port })),
      ),
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
