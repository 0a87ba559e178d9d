import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cp, mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Release } from './pointer.ts'

const run = promisify(execFile)
const root = fileURLToPath(new URL('../..', import.meta.url))

/** What instances need beside the program: their set-up, units, settings, and NGINX's templates. */
const shipped = ['aws/cloudwatch-agent.json', 'instance', 'nginx', 'postgres', 'systemd']

/** The version of what is checked out: package version and commit. Throws when files differ from the commit. */
export async function checkedOutVersion({ allowDirty }: { allowDirty: boolean }): Promise<string> {
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as {
    version: string
  }
  const { stdout: commit } = await run('git', ['rev-parse', '--short=10', 'HEAD'], { cwd: root })
  const { stdout: changes } = await run('git', ['status', '--porcelain'], { cwd: root })
  if (changes !== '' && !allowDirty) {
    throw new Error(`expected a clean tree, or --allow-dirty; changed are:\n${changes}`)
  }
  return `${version}-${commit.trim()}${changes === '' ? '' : '-dirty'}`
}

/** Builds dist/ anew. */
export const build = () => run('npm', ['run', '--silent', 'build'], { cwd: root })

/** Packs a built dist/ and what instances need into one file: the same bytes for the same content, whenever and whoever. */
export async function packArtifact(version: string, dist = join(root, 'dist')) {
  const folder = await mkdtemp(join(tmpdir(), 'product-overview-'))
  const content = join(folder, 'content')
  await mkdir(join(content, 'deploy/aws'), { recursive: true })
  for (const name of ['server.js', 'server.js.map', 'etl.js']) {
    await cp(join(dist, name), join(content, 'dist', name))
  }
  for (const name of shipped) {
    await cp(join(root, 'deploy', name), join(content, 'deploy', name), { recursive: true })
  }
  await writeFile(join(content, 'RELEASE'), `${version}\n`)
  await writeFile(join(content, 'package.json'), JSON.stringify({ type: 'module', version }))
  const file = join(folder, `${version}.tar.gz`)
  await pack(content, file)
  const sha256 = createHash('sha256')
    .update(await readFile(file))
    .digest('hex')
  return { file, folder, release: { version, sha256 } satisfies Release }
}

/** Order, owner and times say nothing about the content, and gzip writes no name and no time. */
async function pack(content: string, file: string): Promise<void> {
  const fixed = ['--sort=name', '--owner=0', '--group=0', '--numeric-owner', '--mtime=2020-01-01Z']
  await run('tar', ['--use-compress-program=gzip -n9', ...fixed, '-cf', file, '-C', content, '.'])
}
