import { cp, mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { debianRoot } from '../debian-root.ts'
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
    const folder = join(paths.folder, 'units')
    try {
      const image = await imageWithUnits(folder)
      const names = await readdir(join(root, 'deploy/systemd'))
      const ours = names.filter((name) => /\.(?:service|socket|timer|mount)$/.test(name))
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
      await unmount(folder)
    }
  },
}

async function exposure(image: string, service: string): Promise<string> {
  const name = service.replace('.service', '')
  const { code, stdout } = await run(
    'chroot',
    [
      ...[image, 'systemd-analyze', 'security', '--offline=true', '--no-pager'],
      ...[`--threshold=${exposureMax * 10}`, service],
    ],
    { mayFail: true },
  )
  const score = /exposure level for \S+: ([\d.]+)/.exec(stdout)?.[1]
  if (code !== 0) throw new Error(`${name}: expected ${exposureMax} at most, came\n${stdout}`)
  return `${name.replace('product-overview-', '')} ${score}`
}

const unmount = (folder: string) =>
  run('umount', ['--recursive', '--lazy', folder], { mayFail: true })

/** A Debian with the units as install-units puts them, and programs where they name them. */
async function imageWithUnits(folder: string): Promise<string> {
  await unmount(folder)
  await mkdir(folder, { recursive: true })
  // What is written lies in memory: below the root itself it would be a part of what is under it, which overlays refuse.
  await run('mount', ['-t', 'tmpfs', 'tmpfs', folder])
  const [image, upper, work] = [join(folder, 'root'), join(folder, 'upper'), join(folder, 'work')]
  for (const made of [image, upper, work]) await mkdir(made)
  const layers = `lowerdir=${await debianRoot()},upperdir=${upper},workdir=${work}`
  await run('mount', ['-t', 'overlay', 'overlay', '-o', layers, image])
  await cp(join(root, 'deploy/systemd'), join(image, units), { recursive: true })
  const dropIns = join(image, units, 'product-overview-.service.d')
  await mkdir(dropIns, { recursive: true })
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
