import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { paths } from './folder.ts'
import { run } from './run.ts'

/** Installs the rest three times as fast as pip does, which alone would take a fifth of the time that the rehearsal has. */
const uv = 'uv==0.13.9'

/** The Python programs of requirements.txt in a virtual environment of their own; made once for each version of the file. */
export const pythonTools = (): Promise<string> => (making ??= makePythonTools())

let making: Promise<string> | undefined

async function makePythonTools(): Promise<string> {
  const requirements = new URL('requirements.txt', import.meta.url).pathname
  const digest = createHash('sha256')
    .update(await readFile(requirements))
    .digest('hex')
  const stamp = join(paths.venv, 'made-from')
  if (existsSync(stamp) && (await readFile(stamp, 'utf8')) === digest) return paths.venv
  await rm(paths.venv, { recursive: true, force: true })
  await run('python3', ['-m', 'venv', paths.venv])
  const python = join(paths.venv, 'bin/python')
  await run(python, ['-m', 'pip', 'install', '--quiet', uv])
  // Compiled once here rather than at each of a hundred calls of the AWS CLI.
  const options = [
    '--quiet',
    '--python',
    python,
    '--compile-bytecode',
    '--requirement',
    requirements,
  ]
  await run(join(paths.venv, 'bin/uv'), ['pip', 'install', ...options])
  await writeFile(stamp, digest)
  return paths.venv
}

/**
 * The path of a program: this machine's, or else from a Debian package that is unpacked below `.data/`: the rehearsal
 * installs nothing on the machine it runs on.
 */
export async function debianTool(program: string, packageName: string): Promise<string> {
  for (const folder of ['/usr/bin', '/usr/sbin', '/bin', '/sbin', '/usr/local/bin']) {
    if (existsSync(join(folder, program))) return join(folder, program)
  }
  const folder = join(paths.tools, packageName)
  if (!existsSync(folder)) await unpack(packageName, folder)
  for (const at of ['usr/bin', 'usr/sbin']) {
    if (existsSync(join(folder, at, program))) return join(folder, at, program)
  }
  throw new Error(`package ${packageName}: expected a program ${program} in it`)
}

async function unpack(packageName: string, folder: string): Promise<void> {
  const download = join(paths.tools, 'download')
  await mkdir(download, { recursive: true })
  // _apt, as which apt downloads, may not write below a home folder: apt then says so, and does it as root.
  const got = await run('apt-get', ['download', packageName], { cwd: download, mayFail: true })
  if (got.code !== 0) {
    await run('apt-get', ['-qq', 'update'])
    await run('apt-get', ['download', packageName], { cwd: download })
  }
  const names = await readdir(download)
  const file = names.find((name) => name.startsWith(`${packageName}_`))
  await run('dpkg-deb', ['--extract', join(download, file ?? ''), folder])
}
