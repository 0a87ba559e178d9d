import { access, mkdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { inject } from 'vitest'

const waitMsMax = 50_000
const pollMs = 20

/**
 * A folder with what several test files need and none changes. Whoever asks first, in whatever worker, makes it, and the others wait;
 * when that fails, the next one tries. It goes with the run.
 */
export const onceForRun = async (
  name: string,
  make: (dir: string) => Promise<unknown>,
): Promise<string> => {
  const place = join(inject('sharedDir'), name)
  const made = join(place, 'made')
  const deadline = performance.now() + waitMsMax
  while (!(await exists(made))) {
    if (performance.now() > deadline) throw new Error(`expected ${made} within ${waitMsMax} ms`)
    if (await isFirst(place)) await makeIn(place, make)
    else await sleep(pollMs)
  }
  return made
}

const makeIn = async (place: string, make: (dir: string) => Promise<unknown>) => {
  const unfinished = join(place, 'unfinished')
  try {
    await mkdir(unfinished)
    await make(unfinished)
    await rename(unfinished, join(place, 'made'))
  } catch (error) {
    await rm(place, { recursive: true })
    throw error
  }
}

const isFirst = (place: string): Promise<boolean> =>
  mkdir(place).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error
      return false
    },
  )

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  )
