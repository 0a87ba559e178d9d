import { EtlError } from './etl-error.ts'
import { Catalogue } from './generate-catalogue.ts'
import { writeSourceFile, type GeneratedFile } from './generate-file.ts'
import { CatalogueFolder, manifestName } from './generate-folder.ts'
import {
  manifestHead,
  manifestTail,
  manifestVersion,
  type CatalogueIdentity,
  type Manifest,
} from './generate-manifest.ts'
import { LineWriter } from './generate-writer.ts'
import { sourceFiles, type SourceFileName } from './source-files.ts'

/** The size of the real catalogue. */
export const productsMax = 1_000_011
export const seedMax = 2 ** 32 - 1
/** Ten times the usual damage of the full set is 105,000 lines, some 20 MB: the manifest is held in memory until its end. */
export const damageMax = 10

export interface GenerateOptions {
  /** How many products load, 1 to 1,000,011. */
  products: number
  /** 0 to 4294967295; equal seeds give equal bytes. */
  seed: number
  outDir: string
  /** How much damage is planted, against that of the real files: usual is 1, none 0, at most 10. */
  damage?: 'usual' | 'none' | number
  onProgress?: (progress: GenerateProgress) => void
  /** Ends the work within some milliseconds; what was written is removed. */
  signal?: AbortSignal
}

/** How far one file is: valid rows made so far and in all, and bytes written. */
export interface GenerateProgress {
  file: SourceFileName
  rows: number
  rowsTotal: number
  bytes: number
}

/**
 * Writes a sample catalogue into a folder: six CSV files in the shape of the real ones, with their damage, and
 * manifest.json, which lists every damaged line and what an import must make of it. Streams in constant memory.
 * Throws an EtlError for options, folders and disks that will not do, and removes what it had written.
 */
export async function generateCatalogue(options: GenerateOptions): Promise<Manifest> {
  const identity = checkedIdentity(options)
  const folder = await CatalogueFolder.prepare(options.outDir, identity)
  try {
    const manifest = await writeCatalogue(identity, folder, options)
    await folder.publish()
    return manifest
  } catch (error) {
    // A disk that fails twice must not hide why the run ended.
    await folder.discard().catch(() => {})
    throw error
  }
}

function checkedIdentity({ products, seed, damage = 'usual' }: GenerateOptions): CatalogueIdentity {
  expectInteger('products', products, 1, productsMax)
  expectInteger('seed', seed, 0, seedMax)
  const amount = damage === 'usual' ? 1 : damage === 'none' ? 0 : damage
  if (!(amount >= 0 && amount <= damageMax)) {
    throw new EtlError(
      `damage: expected 'usual', 'none' or a number from 0 to ${damageMax}, not ${damage}`,
    )
  }
  return { products, seed, damage: amount }
}

function expectInteger(name: string, value: number, min: number, max: number): void {
  if (Number.isInteger(value) && value >= min && value <= max) return
  throw new EtlError(`${name}: expected a whole number from ${min} to ${max}, not ${value}`)
}

// The manifest's head is on disk before any file, so that an interrupted run is recognised as ours.
async function writeCatalogue(
  identity: CatalogueIdentity,
  folder: CatalogueFolder,
  options: GenerateOptions,
): Promise<Manifest> {
  const writer = await LineWriter.create(folder.partial(manifestName))
  try {
    writer.line(manifestHead(identity))
    await writer.flush()
    const files = await writeSourceFiles(new Catalogue(identity), folder, options)
    const manifest = assembled(identity, files)
    for (const line of manifestTail(manifest)) {
      writer.line(line)
      if (writer.isFull) await writer.flush()
    }
    await writer.flush()
    return manifest
  } finally {
    await writer.close()
  }
}

type GeneratedFiles = Record<SourceFileName, GeneratedFile>

async function writeSourceFiles(
  catalogue: Catalogue,
  folder: CatalogueFolder,
  { onProgress, signal }: GenerateOptions,
): Promise<GeneratedFiles> {
  const rowsTotals = catalogue.census()
  const files: Partial<GeneratedFiles> = {}
  for (const source of sourceFiles) {
    const file = source.name
    const rowsTotal = rowsTotals[file]
    files[file] = await writeSourceFile(
      catalogue,
      source,
      rowsTotal,
      folder.partial(file),
      (rows, bytes) => {
        signal?.throwIfAborted()
        onProgress?.({ file, rows, rowsTotal, bytes })
      },
    )
  }
  return files as GeneratedFiles
}

function assembled(identity: CatalogueIdentity, generated: GeneratedFiles): Manifest {
  const files = Object.entries(generated).map(([name, { counts }]) => [name, counts] as const)
  const all = Object.values(generated)
  return {
    version: manifestVersion,
    ...identity,
    files: Object.fromEntries(files) as Manifest['files'],
    common: all.flatMap(({ common }) => common),
    damages: all.flatMap(({ damages }) => damages),
  }
}
