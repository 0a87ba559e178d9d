import type { Catalogue, ProductShape } from './generate-catalogue.ts'
import { quoted, type Cells } from './generate-cells.ts'
import { Draw } from './generate-draw.ts'
import { productTexts } from './sample-texts.ts'

/** The rows of product.csv. */
export function* productRows(catalogue: Catalogue): Generator<Cells, void> {
  const draw = new Draw(catalogue.seed, 'product texts')
  for (let index = 0; index < catalogue.products; index++) {
    const shape = catalogue.shapeOf(index)
    yield productCells(catalogue.productIds.idOf(index), shape, draw.at(index))
  }
}

function productCells(id: number, { sample, category, price }: ProductShape, draw: Draw): Cells {
  const { name, slogan, description } = sample ?? productTexts(draw, category)
  return [
    String(id),
    quoted(name),
    quoted(slogan),
    quoted(description),
    quoted(category.name),
    String(price),
  ]
}
