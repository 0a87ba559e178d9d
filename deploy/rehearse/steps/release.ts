import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root } from '../folder.ts'
import { releaseOptions, type Site } from '../site.ts'
import type { Step } from '../step.ts'
import { summary, underLoad } from '../under-load.ts'

export const release: Step = {
  name: 'release',
  proves: 'a release, a rollback, and a release that never becomes ready, under load: no GET fails',
  run: async ({ site: openSite, dist = join(root, 'dist') }) => {
    const site = await openSite()
    const released = await underLoad(site, 'release', async () => {
      await site.operator('release', releaseOptions('rehearsal-2', dist))
      await expectRelease(site, 'rehearsal-2')
    })
    const rolledBack = await underLoad(site, 'rollback', async () => {
      await site.operator('rollback', [])
      await expectRelease(site, 'rehearsal-1')
    })
    const refused = await underLoad(site, 'broken release', () => releaseBroken(site, dist))
    await expectRelease(site, 'rehearsal-1')
    return `release: ${summary(released)}; rollback: ${summary(rolledBack)}; a broken release: ${summary(refused)}`
  },
}

/** Every API instance runs this release, and a machine that boots now would be given it. */
async function expectRelease({ machines, cloud }: Site, version: string): Promise<void> {
  for (const name of ['api1', 'api2'] as const) {
    const { stdout } = await machines[name].run(
      'cat /proc/$(systemctl show -P MainPID product-overview-api.service)/cwd/RELEASE',
    )
    if (stdout.trim() !== version) {
      throw new Error(`${name}: expected ${version} to run, came ${stdout.trim()}`)
    }
  }
  const value = await cloud.aws('ssm', 'get-parameter', '--name', '/shop/release')
  const pointer = (value as { Parameter: { Value: string } }).Parameter.Value
  if (!pointer.startsWith(`${version} `)) throw new Error(`expected ${version}, came ${pointer}`)
}

/** A server that starts and never becomes ready: the first instance goes back by itself, the others are never touched. */
async function releaseBroken({ operator }: Site, dist: string): Promise<void> {
  const broken = await mkdtemp(join(tmpdir(), 'rehearsal-broken-'))
  await cp(dist, broken, { recursive: true })
  await writeFile(join(broken, 'server.js'), 'process.exit(1)\n')
  const { code, stderr } = await operator('release', releaseOptions('rehearsal-broken', broken), {
    mayFail: true,
  })
  await rm(broken, { recursive: true })
  if (code === 0) throw new Error('a release that never became ready went through')
  if (!stderr.includes('all instances run what they ran before')) throw new Error(stderr)
}
