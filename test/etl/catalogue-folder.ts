import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type SourceFileName, sourceFiles } from '../../etl/source-files.ts'

/** Writes the six files with the rows given, none where none are given; gives the folder. */
export async function catalogueFolder(
  rows: Partial<Record<SourceFileName, readonly string[]>>,
): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'product-overview-catalogue-'))
  for (const { name, columns } of sourceFiles) {
    const header = columns.map((column) => column.name).join(',')
    await writeFile(join(dir, name), [header, ...(rows[name] ?? [])].join('\n') + '\n')
  }
  return dir
}

/** The smallest catalogue with something in every file: products 1 to `products`, with one style each. */
export function smallRows(products: number): Record<SourceFileName, string[]> {
  const ids = Array.from({ length: products }, (_, index) => index + 1)
  return {
    'product.csv': ids.map((id) => `${id},"Cap ${id}","Slogan","Description","Hats","${id}.00"`),
    'styles.csv': ids.map((id) => `${id},${id},"Blue",null,"${id}.00",1`),
    'features.csv': ids.map((id) => `${id},${id},"Fabric","Wool"`),
    'photos.csv': ids.map(
      (id) => `${id},${id},"https://x.example/${id}","https://x.example/t${id}"`,
    ),
    'skus.csv': ids.map((id) => `${id},${id},"M",${id}`),
    'related.csv': ids.slice(1).map((id) => `${id},${id},${id - 1}`),
  }
}
