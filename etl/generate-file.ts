import type { Catalogue } from './generate-catalogue.ts'
import { CommonDirtCount } from './generate-common.ts'
import { Draw } from './generate-draw.ts'
import type { CommonDirt, FileCounts, Outcome, PlantedDamage } from './generate-manifest.ts'
import { Displacer } from './generate-order.ts'
import { Planter, type FileRow } from './generate-planter.ts'
import { rowsOf } from './generate-rows.ts'
import { LineWriter } from './generate-writer.ts'
import type { SourceFile } from './source-files.ts'

/** What a file turned out to be. */
export interface GeneratedFile {
  readonly counts: FileCounts
  readonly common: readonly CommonDirt[]
  readonly damages: readonly PlantedDamage[]
}

/** Called after each chunk, before the next is made, and once with all rows: it may throw to end the work. */
export type ChunkListener = (rows: number, bytes: number) => void

/** Writes one of the six files to `path`; `rowsTotal` is how many valid rows it will have. */
export async function writeSourceFile(
  catalogue: Catalogue,
  file: SourceFile,
  rowsTotal: number,
  path: string,
  onChunk: ChunkListener,
): Promise<GeneratedFile> {
  const writer = await LineWriter.create(path)
  try {
    return await writeRows(catalogue, file, rowsTotal, writer, onChunk)
  } finally {
    await writer.close()
  }
}

async function writeRows(
  catalogue: Catalogue,
  file: SourceFile,
  rowsTotal: number,
  writer: LineWriter,
  onChunk: ChunkListener,
): Promise<GeneratedFile> {
  const planter = new Planter(catalogue, file, writer, rowsTotal)
  const order = new Displacer<FileRow>(
    new Draw(catalogue.seed, `order of ${file.name}`),
    nearOneIn(file),
  )
  const common = new CommonDirtCount(file.name)
  let rows = 0
  writer.line(file.columns.map(({ name }) => name).join(','))
  for (const cells of rowsOf[file.name](catalogue)) {
    if (writer.isFull) {
      await writer.flush()
      onChunk(rows, writer.bytes)
    }
    common.see(cells)
    const row = order.pass(rows < planter.dueAt ? cells.join(',') : planter.damaged(rows, cells))
    if (row !== undefined) planter.write(row)
    rows++
  }
  planter.finish(order.rest())
  await writer.flush()
  onChunk(rows, writer.bytes)
  const { damages } = planter
  return { counts: counted(rows, damages, writer.bytes), common: common.result(), damages }
}

// Ids of photos and skus are all over the real files; the others are in order but for a few rows.
function nearOneIn({ name }: SourceFile): number {
  return name === 'photos.csv' || name === 'skus.csv' ? 4 : 64
}

// Rejected lines come on top of the valid rows, which all load.
function counted(loaded: number, damages: readonly PlantedDamage[], bytes: number): FileCounts {
  const of = (outcome: Outcome) => damages.filter((damage) => damage.outcome === outcome).length
  const rejected = of('rejected')
  return { lines: loaded + rejected, loaded, repaired: of('repaired'), rejected, bytes }
}
