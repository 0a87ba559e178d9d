import type { Catalogue } from './generate-catalogue.ts'
import { Draw } from './generate-draw.ts'
import type { FileCounts } from './generate-manifest.ts'
import { Displacer } from './generate-order.ts'
import { rowsOf } from './generate-rows.ts'
import { LineWriter } from './generate-writer.ts'
import type { GenerateProgress } from './generate.ts'
import type { SourceFile } from './source-files.ts'

/** Writes one of the six files. */
export async function writeSourceFile(
  catalogue: Catalogue,
  file: SourceFile,
  path: string,
  rowsTotal: number,
  { onProgress, signal }: { onProgress?: (p: GenerateProgress) => void; signal?: AbortSignal },
): Promise<FileCounts & { bytes: number }> {
  const writer = await LineWriter.create(path)
  const order = new Displacer(
    new Draw(catalogue.seed, `order of ${file.name}`),
    ['photos.csv', 'skus.csv'].includes(file.name) ? 4 : 64,
  )
  let rows = 0
  writer.line(file.columns.map(({ name }) => name).join(','))
  for (const cells of rowsOf[file.name](catalogue)) {
    const line = order.pass(cells.join(','))
    if (line !== undefined) writer.line(line)
    rows++
    if (writer.isFull) {
      signal?.throwIfAborted()
      await writer.flush()
      onProgress?.({ file: file.name, rows, rowsTotal, bytes: writer.bytes })
    }
  }
  for (const line of order.rest()) writer.line(line)
  await writer.flush()
  onProgress?.({ file: file.name, rows, rowsTotal, bytes: writer.bytes })
  await writer.close()
  return { lines: rows, loaded: rows, repaired: 0, rejected: 0, bytes: writer.bytes }
}
