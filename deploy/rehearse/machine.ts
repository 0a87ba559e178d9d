import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { createWriteStream, existsSync } from 'node:fs'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { childrenOf, signalProcess } from '../local/processes.ts'
import { baseImage } from './base-image.ts'
import { makeControlGroup } from './control-group.ts'
import { paths } from './folder.ts'
import type { Space } from './network.ts'
import { run, type RunResult } from './run.ts'
import { debianTool } from './tools.ts'

const startSecondsMax = 30

export interface MachineOptions {
  readonly id: string
  readonly hostName: string
  readonly space: Space
  readonly userData: string
  /** Where AWS answers. */
  readonly endpoint: string
  /** Lines of /etc/hosts: what the VPC's own DNS would say. */
  readonly hosts: readonly string[]
  /** A folder that is this machine's data volume, mounted at /var/lib/product-overview. */
  readonly volume?: string | undefined
}

/** A booted Debian 12 with systemd and cloud-init, in a file system, process tree and network of its own. */
export interface Machine {
  readonly id: string
  readonly address: string
  /** Runs a shell command as root, as Session Manager would. */
  readonly run: (command: string, options?: { mayFail?: boolean }) => Promise<RunResult>
  /** The last word of the user data: SUCCESS or FAILURE; waits for it. */
  readonly signal: (secondsMax: number) => Promise<string>
  readonly stop: () => Promise<void>
}

/** Boots a machine whose first boot runs the user data. */
export async function bootMachine(options: MachineOptions): Promise<Machine> {
  const folder = join(paths.machines, options.id)
  const root = join(folder, 'root')
  await mountRoot(folder, root)
  await seed(root, options)
  const nspawn = await startNspawn(root, options)
  const log = createWriteStream(join(paths.logs, `${options.hostName}.log`))
  nspawn.stdout.pipe(log)
  nspawn.stderr.pipe(log)
  nspawn.on('error', (error) => log.end(String(error)))
  const leader = await leaderOf(nspawn.pid ?? 0)
  await writeFile(join(folder, 'leader'), `${leader}`)
  const runHere: Machine['run'] = (command, { mayFail = false } = {}) =>
    runIn(leader, command, mayFail)
  return {
    id: options.id,
    address: options.space.address,
    run: runHere,
    signal: (secondsMax) => signalOf(root, options.hostName, secondsMax),
    stop: async () => {
      // Its first process takes all others with it; killing nspawn would leave them.
      signalProcess(leader, 'SIGKILL')
      await run('umount', ['--recursive', '--lazy', root], { mayFail: true })
    },
  }
}

async function startNspawn(root: string, { id, space, volume }: MachineOptions) {
  const program = await debianTool('systemd-nspawn', 'systemd-container')
  const controlGroup = await makeControlGroup(id)
  const args = [
    ...['--quiet', '--register=no', '--keep-unit', '--console=pipe', '--boot'],
    ...[`--directory=${root}`, `--machine=${id}`, '--resolv-conf=off'],
    `--network-namespace-path=/run/netns/${space.name}`,
    ...(volume === undefined ? [] : [`--bind=${volume}:/var/lib/product-overview`]),
  ]
  const enter = 'echo $$ > "$1/cgroup.procs"; shift; exec "$@"'
  return spawn('sh', ['-c', enter, 'sh', controlGroup, program, ...args], {
    env: { ...process.env, SYSTEMD_NSPAWN_UNIFIED_HIERARCHY: '1' },
  })
}

/** Runs a shell command as root in the machine whose first process this is. */
export const runIn = (leader: number | string, command: string, mayFail = false, shell = 'bash') =>
  run(
    'nsenter',
    [
      ...['--target', `${leader}`, '--mount', '--uts', '--ipc', '--net', '--pid', '--root'],
      ...['/usr/bin/env', '--chdir=/', '-i', 'HOME=/root', 'LANG=C.UTF-8'],
      'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
      ...[shell, '-c', command],
    ],
    { mayFail },
  )

/** The first process of the machine with this id, for programs other than the one that booted it. */
export const leaderOfMachine = (id: string) => readFile(join(paths.machines, id, 'leader'), 'utf8')

async function mountRoot(folder: string, root: string): Promise<void> {
  const [upper, work] = [join(folder, 'upper'), join(folder, 'work')]
  await rm(folder, { recursive: true, force: true })
  for (const made of [root, upper, work]) await mkdir(made, { recursive: true })
  const layers = `lowerdir=${await baseImage()},upperdir=${upper},workdir=${work}`
  await run('mount', ['-t', 'overlay', 'overlay', '-o', layers, root])
}

async function seed(root: string, { id, hostName, userData, endpoint, hosts }: MachineOptions) {
  const cloud = join(root, 'var/lib/cloud/seed/nocloud')
  await mkdir(cloud, { recursive: true })
  await writeFile(join(cloud, 'meta-data'), `instance-id: ${id}\nlocal-hostname: ${hostName}\n`)
  await writeFile(join(cloud, 'user-data'), userData)
  await writeFile(join(root, 'etc/rehearsal-endpoint'), endpoint)
  await writeFile(join(root, 'etc/hosts'), `127.0.0.1 localhost\n${hosts.join('\n')}\n`)
  await writeFile(join(root, 'etc/machine-id'), `${randomBytes(16).toString('hex')}\n`)
}

async function leaderOf(nspawn: number): Promise<number> {
  for (let tries = 0; tries < startSecondsMax * 10; tries += 1) {
    const [child] = await childrenOf(nspawn)
    const name = await readFile(`/proc/${child}/comm`, 'utf8').catch(() => '')
    if (child !== undefined && name.trim() === 'systemd') return child
    await sleep(100)
  }
  throw new Error(`systemd-nspawn (${nspawn}) started no systemd within ${startSecondsMax} s`)
}

async function signalOf(root: string, hostName: string, secondsMax: number): Promise<string> {
  const file = join(root, 'var/log/rehearsal-signal')
  for (let second = 0; second < secondsMax; second += 1) {
    if (existsSync(file)) return (await readFile(file, 'utf8')).trim()
    await sleep(1000)
  }
  const log = await readFile(join(root, 'var/log/cloud-init-output.log'), 'utf8').catch(() => '')
  throw new Error(`${hostName}: no signal within ${secondsMax} s\n${log.slice(-3000)}`)
}
