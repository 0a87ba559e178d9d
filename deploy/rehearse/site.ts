import { mkdir, readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { signalProcess } from '../local/processes.ts'
import { publishAgents } from './agents.ts'
import { baseImage } from './base-image.ts'
import { type Cloud, startCloud } from './cloud.ts'
import { debianSource } from './debian-source.ts'
import { firewallOf, guard, loadBalancerGroup, securityGroups } from './firewall.ts'
import { paths } from './folder.ts'
import { bootMachine, leaderOfMachine, type Machine } from './machine.ts'
import { startMirror } from './mirror.ts'
import { createNetwork, gateway, type Network } from './network.ts'
import { hireOperator, type Operator } from './operator.ts'
import { run } from './run.ts'
import { createArtifacts, serviceStack, smallest, stackName, userData } from './stack.ts'

/** Everything a deployment consists of, running: the machines of the topology, by the names of the network. */
export interface Site {
  readonly cloud: Cloud
  readonly network: Network
  readonly operator: Operator
  readonly machines: Readonly<Record<MachineName, Machine>>
  readonly close: () => Promise<void>
}

export type MachineName = 'nginx' | 'api1' | 'api2' | 'pg1' | 'pg2'

const bootSecondsMax = 420
/** AWS and the security groups' egress rule know port 443. */
const awsPort = 443

interface Planned {
  readonly name: MachineName
  readonly role: string
  readonly id: string
  readonly address: string
  readonly groupIds: readonly string[]
}

/** Does the first deploy of the runbook, and boots every instance that the stack says. */
export async function openSite(dist: string | undefined): Promise<Site> {
  await baseImage()
  await endLeftovers()
  for (const made of [paths.machines, paths.logs]) {
    await rm(made, { recursive: true, force: true })
    await mkdir(made, { recursive: true })
  }
  const network = await createNetwork()
  const closers: (() => unknown)[] = [() => network.remove()]
  const close = async () => {
    for (const closer of closers.toReversed()) await closer()
  }
  try {
    const { url } = await debianSource()
    const mirror = new URL(url)
    closers.push(await startMirror(gateway, mirror))
    const cloud = await startCloud(gateway, awsPort)
    closers.push(cloud.stop)
    const operator = await hireOperator(cloud)
    const ArtifactBucket = await createArtifacts(cloud)
    await publishAgents(cloud)
    await operator('release', releaseOptions('rehearsal-1', dist))
    await serviceStack(cloud, 'create-stack', { ...smallest, ArtifactBucket })
    const machines = await bootAll(cloud, network, mirror.hostname, closers)
    return { cloud, network, operator, machines, close }
  } catch (error) {
    await close()
    throw error
  }
}

/** The options of a release of what is built, under a name. */
export const releaseOptions = (version: string, dist: string | undefined) => [
  ...['--as', version, '--architecture', 'x64', '--allow-dirty'],
  ...(dist === undefined ? [] : ['--dist', dist]),
]

async function bootAll(
  cloud: Cloud,
  network: Network,
  mirrorHost: string,
  closers: (() => unknown)[],
): Promise<Record<MachineName, Machine>> {
  const plan = await plannedInstances(cloud)
  const texts = await userData(cloud)
  const groups = await securityGroups(cloud)
  const client = { address: network.client.address, groupIds: [await loadBalancerGroup(cloud)] }
  const hosts = [
    `${gateway} ${mirrorHost}`,
    ...plan
      .filter(({ role }) => role === 'postgres')
      .map(({ name, address }) => `${address} postgres${name.slice(2)}.${stackName}.internal`),
  ]
  const booted = await Promise.all(
    plan.map(async ({ name, role, id, address, groupIds }) => {
      const space = await network.addSpace(`po-${name}`, address)
      await guard(space.name, firewallOf({ address, groupIds }, [...plan, client], groups))
      const volume = role === 'postgres' ? join(paths.machines, `volume-${name}`) : undefined
      if (volume !== undefined) await mkdir(volume, { recursive: true })
      const machine = await bootMachine({
        id,
        space,
        hosts,
        volume,
        hostName: name,
        endpoint: cloud.endpoint,
        userData: texts.get(role) ?? '',
      })
      closers.push(() => machine.stop())
      return [name, machine] as const
    }),
  )
  await Promise.all(
    booted.map(async ([name, machine]) => {
      const signal = await machine.signal(bootSecondsMax)
      if (signal !== 'SUCCESS') {
        const log = await machine.run('tail -n 40 /var/log/cloud-init-output.log')
        throw new Error(`${name}: its user data ended with ${signal}\n${log.stdout}`)
      }
    }),
  )
  return Object.fromEntries(booted) as Record<MachineName, Machine>
}

/** The instances that the stack made, each with the name it has in the topology. */
async function plannedInstances(cloud: Cloud): Promise<Planned[]> {
  const rows = (await cloud.aws(
    'ec2',
    'describe-instances',
    '--query',
    "Reservations[].Instances[].[Tags[?Key=='group'].Value | [0], InstanceId, PrivateIpAddress, SecurityGroups[].GroupId]",
  )) as [string, string, string, string[]][]
  let api = 0
  return rows.map(([group, id, address, groupIds]) => {
    const names: Record<string, [MachineName, string]> = {
      Nginx: ['nginx', 'nginx'],
      Api: [api === 0 ? 'api1' : 'api2', 'api'],
      Postgres1: ['pg1', 'postgres'],
      Postgres2: ['pg2', 'postgres'],
    }
    if (group === 'Api') api += 1
    const known = names[group]
    if (known === undefined)
      throw new Error(`instance ${id}: expected a known group, came ${group}`)
    return { name: known[0], role: known[1], id, address, groupIds }
  })
}

/** A run that was killed leaves its machines running, and their file systems mounted. */
async function endLeftovers(): Promise<void> {
  for (const id of await readdir(paths.machines).catch(() => [])) {
    const leader = await leaderOfMachine(id).catch(() => '')
    const mounts = await readFile(`/proc/${leader}/mountinfo`, 'utf8').catch(() => '')
    if (mounts.includes(join(paths.machines, id))) signalProcess(Number(leader), 'SIGKILL')
    await run('umount', ['--recursive', '--lazy', join(paths.machines, id, 'root')], {
      mayFail: true,
    })
  }
}
