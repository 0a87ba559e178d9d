import { randomUUID } from 'node:crypto'
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'

/** A JSON file that is kept up to date. */
export interface KeptJson {
  /** Writes what `read` gives at the time; readers see the old text or the new one, never a part. */
  readonly write: () => Promise<void>
  /** Removes it, after the writes that were asked for. */
  readonly remove: () => Promise<void>
}

/** The file is for its owner alone: the map holds passwords. */
export const keepJson = (file: string, read: () => unknown): KeptJson => {
  let turn: Promise<void> = Promise.resolve()
  const inTurn = (work: () => Promise<void>) => (turn = turn.then(work, work))
  return {
    write: () =>
      inTurn(async () => {
        await mkdir(dirname(file), { recursive: true })
        await replaceFile(file, `${JSON.stringify(read())}\n`)
      }),
    remove: () => inTurn(() => rm(file, { force: true })),
  }
}

// The folder may be everybody's, like /tmp: a name that others can foresee they could have made theirs, or a link, before.
const replaceFile = async (file: string, text: string) => {
  const unfinished = `${file}.${randomUUID()}`
  try {
    await writeFile(unfinished, text, { flag: 'wx', mode: 0o600 })
    await rename(unfinished, file)
  } finally {
    await rm(unfinished, { force: true })
  }
}
