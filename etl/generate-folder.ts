import { mkdir, open, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { EtlError } from './etl-error.ts'
import { manifestHead, type CatalogueIdentity } from './generate-manifest.ts'
import { sourceFiles } from './source-files.ts'

export const manifestName = 'manifest.json'
const fileNames = [...sourceFiles.map(({ name }) => name), manifestName]

/**
 * The folder a catalogue is written to. Files grow as `*.partial` and take their names together at the end, the
 * manifest last: a folder with its manifest is whole. Files that this generator did not make are never touched.
 */
export class CatalogueFolder {
  readonly #dir: string

  private constructor(dir: string) {
    this.#dir = dir
  }

  /** Creates the folder, or takes one that is free or holds the same catalogue; else throws an EtlError. */
  static async prepare(dir: string, identity: CatalogueIdentity): Promise<CatalogueFolder> {
    try {
      await mkdir(dir, { recursive: true })
    } catch (cause) {
      throw new EtlError(`${dir}: expected a folder to write to: ${(cause as Error).message}`, {
        cause,
      })
    }
    const folder = new CatalogueFolder(dir)
    await folder.#expectNothingForeign(identity)
    return folder
  }

  /** Where a file grows. */
  partial(name: string): string {
    return join(this.#dir, `${name}.partial`)
  }

  /** Gives all files their names. */
  async publish(): Promise<void> {
    for (const name of fileNames) await rename(this.partial(name), join(this.#dir, name))
  }

  /** Removes what a failed run left. */
  async discard(): Promise<void> {
    for (const name of fileNames) await rm(this.partial(name), { force: true })
  }

  async #expectNothingForeign(identity: CatalogueIdentity): Promise<void> {
    for (const suffix of ['', '.partial']) {
      const found = await firstExisting(fileNames.map((name) => join(this.#dir, name + suffix)))
      if (found === undefined) continue
      const head = manifestHead(identity)
      const path = join(this.#dir, manifestName + suffix)
      if ((await beginning(path, head.length)) === head) continue
      const { products, seed, damage } = identity
      throw new EtlError(
        `${found} exists and was not generated with products ${products}, seed ${seed}, damage ${damage}: ` +
          'expected a folder without a catalogue, or with the same one. Choose another or remove that one.',
      )
    }
  }
}

async function firstExisting(paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths) {
    const isThere = await stat(path).then(
      () => true,
      (error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return false
        throw new EtlError(`${path}: ${error.message}`, { cause: error })
      },
    )
    if (isThere) return path
  }
  return undefined
}

async function beginning(path: string, length: number): Promise<string | undefined> {
  const file = await open(path).catch(() => undefined)
  try {
    const read = await file?.read(Buffer.alloc(length), 0, length, 0)
    return read?.buffer.toString('latin1', 0, read.bytesRead)
  } finally {
    await file?.close()
  }
}
