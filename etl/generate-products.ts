import type { Catalogue, ProductShape } from './generate-catalogue.ts'
import { quoted, type Cells } from './generate-cells.ts'
import { Draw } from './generate-draw.ts'
import { description, productName, slogan } from './sample-texts.ts'

/** The rows of product.csv. */
export function* productRows(catalogue: Catalogue): Generator<Cells, void> {
  const draw = new Draw(catalogue.seed, 'product texts')
  for (let index = 0; index < catalogue.products; index++) {
    const shape = catalogue.shapeOf(index)
    yield productCells(catalogue.productIds.idOf(index), shape, draw.at(index))
  }
}

function productCells(id: number, shape: ProductShape, draw: Draw): Cells {
  const { sample, category } = shape
  return [
    String(id),
    quoted(sample?.name ?? productName(draw, category)),
    quoted(sample?.slogan ?? slogan(draw, category)),
    quoted(sample?.description ?? description(draw, category)),
    quoted(category.name),
    String(shape.price),
  ]
}
