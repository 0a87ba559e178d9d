import { watch } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'

// Editors write a file in several steps, and a change of branch touches many.
const settleMs = 100

/**
 * Calls back when a .ts file directly in `root` or anywhere below its `rooms` has changed, once for several changes within
 * 100 ms; ends when `signal` aborts.
 */
export const watchSources = async (
  root: string,
  rooms: readonly string[],
  onChange: () => void,
  signal: AbortSignal,
) => {
  let settling: NodeJS.Timeout | undefined
  const note = (name: string | null) => {
    if (!name?.endsWith('.ts') || signal.aborted) return
    clearTimeout(settling)
    settling = setTimeout(onChange, settleMs)
  }
  for (const dir of [root, ...(await foldersBelow(root, rooms))]) {
    // One watcher a folder: the recursive kind misses new files on Linux in Node 20.
    watch(dir, { signal }, (_, name) => note(name))
  }
}

const foldersBelow = async (root: string, rooms: readonly string[]) => {
  const folders = await Promise.all(
    rooms.map(async (room) => {
      const entries = await readdir(join(root, room), { recursive: true, withFileTypes: true })
      const inner = entries.filter((entry) => entry.isDirectory())
      return [join(root, room), ...inner.map(({ parentPath, name }) => join(parentPath, name))]
    }),
  )
  return folders.flat()
}
