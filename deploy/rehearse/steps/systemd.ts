import { cp, mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { baseImage } from '../base-image.ts'
import { paths, root } from '../folder.ts'
import { run } from '../run.ts'
import type { Step } from '../step.ts'

const units = '/etc/systemd/system'
const release = '/opt/product-overview/current'

/** What `systemd-analyze security` may say of any service of ours: 0 is shut in, 10 is exposed. */
const exposureMax = 1.5

export const systemd: Step = {
  name: 'systemd',
  proves:
    'systemd-analyze verify says nothing about any unit, and security at most 1.5 of every service',
  run: async () => {
    const image = await imageWithUnits()
    try {
      const names = await readdir(join(root, 'deploy/systemd'))
      const ours = names.filter((name) => /\.(?:service|socket|timer)$/.test(name))
      const verified = await run('chroot', [
        ...[image, 'systemd-analyze', 'verify', '--man=no'],
        ...ours.map((name) => `${units}/${name}`),
      ])
      const said = verified.stdout + verified.stderr
      if (said !== '') throw new Error(`systemd-analyze verify says:\n${said}`)
      const scores: string[] = []
      for (const service of ours.filter((name) => name.endsWith('.service'))) {
        scores.push(await exposure(image, service))
      }
      return `${ours.length} units; ${scores.join(', ')}`
    } finally {
      await run('umount', ['--lazy', image])
    }
  },
}

async function exposure(image: string, service: string): Promise<string> {
  const name = service.replace('.service', '')
  const { stdout } = await run('chroot', [
    ...[image, 'systemd-analyze', 'security', '--offline=true', '--no-pager'],
    ...[`--threshold=${exposureMax * 10}`, service],
  ])
  const score = /exposure level for \S+: ([\d.]+)/.exec(stdout)?.[1]
  return `${name.replace('product-overview-', '')} ${score}`
}

/** The base image with the units as install-units puts them, and programs where they name them. */
async function imageWithUnits(): Promise<string> {
  const folder = join(paths.folder, 'units')
  const [image, upper, work] = ['root', 'upper', 'work'].map((name) => join(folder, name))
  if (image === undefined || upper === undefined || work === undefined) throw new Error(folder)
  await run('umount', ['--lazy', image], { mayFail: true })
  await rm(folder, { recursive: true, force: true })
  for (const made of [image, upper, work]) await mkdir(made, { recursive: true })
  const layers = `lowerdir=${await baseImage()},upperdir=${upper},workdir=${work}`
  await run('mount', ['-t', 'overlay', 'overlay', '-o', layers, image])
  await cp(join(root, 'deploy/systemd'), join(image, units), { recursive: true })
  const dropIns = join(image, units, 'product-overview-.service.d')
  await mkdir(dropIns)
  await cp(join(root, 'deploy/systemd/hardening.conf'), join(dropIns, 'hardening.conf'))
  for (const folderName of ['instance', 'postgres']) {
    const target = join(image, release, 'deploy', folderName)
    await cp(join(root, 'deploy', folderName), target, { recursive: true })
  }
  for (const program of [join(release, 'node'), '/usr/sbin/nginx']) {
    await writeFile(join(image, program), '', { mode: 0o755 })
  }
  await writeFile(
    join(image, 'etc/passwd'),
    'root:x:0:0::/root:/bin/sh\nproduct-overview:x:900:900::/:/bin/sh\npostgres:x:901:901::/:/bin/sh\n',
  )
  await writeFile(join(image, 'etc/group'), 'root:x:0:\nproduct-overview:x:900:\npostgres:x:901:\n')
  return image
}
