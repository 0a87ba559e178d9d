import type { Catalogue } from './generate-catalogue.ts'
import type { Cells } from './generate-cells.ts'
import { featureRows } from './generate-features.ts'
import { photoRows } from './generate-photos.ts'
import { productRows } from './generate-products.ts'
import { relatedRows } from './generate-related.ts'
import { skuRows } from './generate-skus.ts'
import { styleRows } from './generate-styles.ts'
import type { SourceFileName } from './source-files.ts'

/** Every valid row of one file, product by product; the same catalogue always gives the same rows. */
export const rowsOf: Readonly<
  Record<SourceFileName, (catalogue: Catalogue) => Generator<Cells, void>>
> = {
  'product.csv': productRows,
  'styles.csv': styleRows,
  'features.csv': featureRows,
  'photos.csv': photoRows,
  'skus.csv': skuRows,
  'related.csv': relatedRows,
}
