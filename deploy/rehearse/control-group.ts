import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * A control group of its own for a machine, in the unified hierarchy. Without it all machines would share one tree, and a
 * service that stops in one would take its namesakes in the others along.
 */
export async function makeControlGroup(name: string): Promise<string> {
  const mounts = await readFile('/proc/mounts', 'utf8')
  const hierarchy = /^\S+ (\S+) cgroup2 /m.exec(mounts)?.[1]
  if (hierarchy === undefined) throw new Error('expected a cgroup2 hierarchy in /proc/mounts')
  const folder = join(hierarchy, `rehearsal-${name}`)
  await mkdir(folder, { recursive: true })
  return folder
}
