import { mkdtemp, readFile, readdir, rm, stat, statfs } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isRunning } from '../deploy/local/processes.ts'

const memoryFolder = '/dev/shm'
/** A whole run, four files at a time, held 0.6 GB at most. */
const freeBytesMin = 4 * 2 ** 30
const prefix = 'product-overview-test-'
/** Longer than any run lasts, but for those that watch: those are known by their process, which another container does not see. */
const leftOverMsMin = 3_600_000

/**
 * Makes the folder of a run, in memory where there is room: a database is a thousand small files, and six test files that start many
 * took 85 CPU seconds on a disk (ext4), 40 of them in the kernel, and 66 in memory, 18 of them there. A TMPDIR that is set is obeyed.
 */
export const makeRunFolder = async (temporary = process.env['TMPDIR']): Promise<string> => {
  const inMemory = temporary === undefined && (await hasRoomInMemory())
  const parent = inMemory ? memoryFolder : tmpdir()
  await removeLeftOver(parent)
  return mkdtemp(join(parent, `${prefix}${process.pid}-`))
}

const hasRoomInMemory = async (): Promise<boolean> => {
  // The memory of a container with a limit is less than what its folder says.
  if (process.availableMemory() < freeBytesMin || !(await runsProgramsIn(memoryFolder))) {
    return false
  }
  const { bavail, bsize } = await statfs(memoryFolder)
  return bavail * bsize >= freeBytesMin
}

/** Containers often mount it without; tests run programs that they copy. */
const runsProgramsIn = async (folder: string): Promise<boolean> => {
  const mounts = await readFile('/proc/mounts', 'utf8').catch(() => '')
  const mount = mounts.split('\n').find((line) => line.split(' ')[1] === folder)
  return mount !== undefined && !/\bnoexec\b/.test(mount)
}

/** A run that was killed removed nothing, and would hold its memory until the next boot. Those of other users stay. */
const removeLeftOver = async (parent: string): Promise<void> => {
  const names = (await readdir(parent)).filter((name) => name.startsWith(prefix))
  for (const folder of names.map((name) => join(parent, name))) {
    if (await isLeftOver(folder)) await rm(folder, { recursive: true }).catch(() => undefined)
  }
}

const isLeftOver = async (folder: string): Promise<boolean> => {
  const made = await stat(folder).catch(() => undefined)
  const isOld = made !== undefined && Date.now() - made.mtimeMs > leftOverMsMin
  const pid = Number(folder.split('-').at(-2))
  return isOld && !(await isRunning(pid))
}
