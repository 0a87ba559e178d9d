import { mkdir, rename } from 'node:fs/promises'
import { join } from 'node:path'

import { Catalogue } from './generate-catalogue.ts'
import { writeSourceFile } from './generate-file.ts'
import type { Manifest } from './generate-manifest.ts'
import { LineWriter } from './generate-writer.ts'
import { sourceFiles } from './source-files.ts'

export interface GenerateOptions {
  products: number
  seed: number
  outDir: string
  onProgress?: (progress: GenerateProgress) => void
  signal?: AbortSignal
}

export interface GenerateProgress {
  file: string
  rows: number
  rowsTotal: number
  bytes: number
}

/** Writes a sample catalogue: six CSV files and the manifest of the damage planted in them. */
export async function generateCatalogue(options: GenerateOptions): Promise<Manifest> {
  const { products, seed, outDir } = options
  const catalogue = new Catalogue(products, seed, true)
  const rows = catalogue.census()
  await mkdir(outDir, { recursive: true })
  const files: Partial<Record<string, unknown>> = {}
  for (const file of sourceFiles) {
    const path = join(outDir, file.name)
    files[file.name] = await writeSourceFile(
      catalogue,
      file,
      `${path}.partial`,
      rows[file.name],
      options,
    )
  }
  for (const file of sourceFiles) {
    const path = join(outDir, file.name)
    await rename(`${path}.partial`, path)
  }
  const manifest = {
    version: 0,
    products,
    seed,
    damage: 0,
    files,
    damages: [],
  } as unknown as Manifest
  const writer = await LineWriter.create(join(outDir, 'manifest.json'))
  writer.line(JSON.stringify(manifest, null, 1))
  await writer.flush()
  await writer.close()
  return manifest
}
