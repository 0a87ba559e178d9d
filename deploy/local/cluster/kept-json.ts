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
  const unfinished = `${file}.${process.pid}`
  let turn: Promise<void> = Promise.resolve()
  const inTurn = (work: () => Promise<void>) => (turn = turn.then(work, work))
  return {
    write: () =>
      inTurn(async () => {
        await mkdir(dirname(file), { recursive: true })
        await writeFile(unfinished, `${JSON.stringify(read())}\n`, { mode: 0o600 })
        await rename(unfinished, file)
      }),
    remove: () => inTurn(() => rm(file, { force: true })),
  }
}
