import { join } from 'node:path'
import { execPath } from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { generateSample } from '../sample.ts'
import { root } from '../folder.ts'
import { run } from '../run.ts'
import type { MachineName, Site } from '../site.ts'
import type { Step } from '../step.ts'

/** NGINX learns of instances that became ready within a minute. */
const smokeSecondsMax = 120

export const instances: Step = {
  name: 'instances',
  proves:
    'the user data of every role, run by cloud-init at a boot, ends in a service that answers through NGINX; what timers start works; run again it changes nothing',
  run: async ({ site: openSite }) => {
    const site = await openSite()
    const csv = await generateSample(1000, 8)
    await site.operator('push-catalogue', ['--csv', csv])
    await smoke(site)
    for (const [name, machine] of Object.entries(site.machines)) {
      await machine.run(`systemctl start ${jobsOf(name as MachineName)}`)
      const before = await processesOf(machine)
      await machine.run('/usr/local/sbin/product-overview-boot')
      const after = await processesOf(machine)
      if (before !== after) throw new Error(`${name}: a second boot replaced ${before} by ${after}`)
    }
    return `${Object.keys(site.machines).join(', ')}: 12 smoke checks from the client`
  },
}

/** What timers start on a machine; backups and imports have steps of their own. */
const jobs: Readonly<Record<MachineName, readonly string[]>> = {
  nginx: ['members', 'tidy'],
  api1: ['watch', 'tidy'],
  api2: ['watch', 'tidy'],
  pg1: ['health', 'tidy'],
  pg2: ['health', 'tidy'],
}
const jobsOf = (name: MachineName) =>
  jobs[name].map((job) => `product-overview-${job}.service`).join(' ')

/** The main processes of our services: a restart changes them. */
async function processesOf({ run: runThere }: Site['machines']['nginx']): Promise<string> {
  const { stdout } = await runThere(
    'systemctl show --property MainPID --value product-overview-{api,nginx,postgres}.service',
  )
  return stdout
    .split('\n')
    .filter((pid) => pid !== '' && pid !== '0')
    .join()
}

/** deploy/bin/smoke, asked from where clients stand. */
async function smoke({ network, machines }: Site): Promise<void> {
  const url = `http://${machines.nginx.address}`
  const tsx = join(root, 'node_modules/tsx/dist/cli.mjs')
  const command = [execPath, tsx, join(root, 'deploy/commands/smoke.ts'), url]
  const deadline = Date.now() + smokeSecondsMax * 1000
  for (;;) {
    const { code, stdout } = await run('ip', ['netns', 'exec', network.client.name, ...command], {
      mayFail: true,
    })
    if (code === 0) return
    if (Date.now() > deadline) throw new Error(`smoke ${url}:\n${stdout}`)
    await sleep(2000)
  }
}
