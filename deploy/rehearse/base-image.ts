import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { cp, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { debianSource } from './debian-source.ts'
import { paths } from './folder.ts'
import { run } from './run.ts'
import { debianTool } from './tools.ts'

/**
 * What Debian's machine image for EC2 has and this rehearsal needs. python3-cffi-backend is what others ask for by a virtual
 * name, which debootstrap does not know. nftables is the firewall around each machine.
 */
const packages =
  'systemd-sysv,dbus,udev,cloud-init,python3-cffi-backend,ca-certificates,curl,iproute2,nftables,procps'

/** A Debian 12 as it starts on EC2, in a folder; made once by debootstrap. */
export const baseImage = (): Promise<string> => (making ??= makeBaseImage())

let making: Promise<string> | undefined

async function makeBaseImage(): Promise<string> {
  const { url, keyring } = await debianSource()
  const digest = createHash('sha256').update(`${packages} ${url}`).digest('hex')
  const stamp = join(paths.base, '.made-from')
  if (existsSync(stamp) && (await readFile(stamp, 'utf8')) === digest) return paths.base
  await rm(paths.base, { recursive: true, force: true })
  const unfinished = `${paths.base}.unfinished`
  await rm(unfinished, { recursive: true, force: true })
  await mkdir(join(unfinished, 'etc/dpkg/dpkg.cfg.d'), { recursive: true })
  // Nothing to lose by a power cut: without waiting for the disk it takes half the time.
  await writeFile(join(unfinished, 'etc/dpkg/dpkg.cfg.d/fast'), 'force-unsafe-io\n')
  await debootstrap(unfinished, url, keyring)
  await finish(unfinished)
  await writeFile(join(unfinished, '.made-from'), digest)
  await rename(unfinished, paths.base)
  return paths.base
}

async function debootstrap(target: string, url: string, keyring: string): Promise<void> {
  const program = await debianTool('debootstrap', 'debootstrap')
  const unpacked = program.startsWith(paths.tools)
  await run(
    program,
    ['--variant=minbase', `--keyring=${keyring}`, `--include=${packages}`, 'bookworm', target, url],
    {
      env: {
        ...process.env,
        ...(unpacked && { DEBOOTSTRAP_DIR: join(program, '../../share/debootstrap') }),
      },
    },
  )
}

/** What makes it a machine of the rehearsal: user data from a folder instead of EC2, and the `aws` that asks moto. */
async function finish(target: string): Promise<void> {
  await run('chroot', [target, 'apt-get', 'clean'])
  await cp(new URL('image', import.meta.url), target, { recursive: true })
  // There is no console to log in at, no device to wait for; the firewall stands outside.
  const needless = ['console-getty', 'systemd-udevd', 'nftables'].map((name) => `${name}.service`)
  await run('chroot', [target, 'systemctl', 'mask', ...needless])
}
