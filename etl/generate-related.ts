import type { Catalogue } from './generate-catalogue.ts'
import type { Cells } from './generate-cells.ts'
import { Draw } from './generate-draw.ts'

/** The rows of related.csv. Some pairs come twice and some products name themselves, as in the real file. */
export function* relatedRows(catalogue: Catalogue): Generator<Cells, void> {
  const draw = new Draw(catalogue.seed, 'related')
  const ids = catalogue.idsOf('related.csv')
  let row = 0
  for (let index = 0; index < catalogue.products; index++) {
    const shape = catalogue.shapeOf(index)
    const productId = String(catalogue.productIds.idOf(index))
    draw.at(index)
    let previous = index
    for (let nth = 0; nth < shape.related; nth++) {
      const other = draw.oneIn(200) ? previous : randomProduct(draw, catalogue, index)
      const related = shape.sample?.related[nth] ?? catalogue.productIds.idOf(other)
      previous = other
      if (related > catalogue.products && shape.sample !== undefined) continue
      yield [String(ids.idOf(row++)), productId, String(related)]
    }
  }
}

// One in three is near by, as in catalogues that list a collection together.
function randomProduct(draw: Draw, { products }: Catalogue, index: number): number {
  if (!draw.oneIn(3)) return draw.below(products)
  const distance = 1 + draw.below(20)
  const near = draw.oneIn(2) ? index - distance : index + distance
  return Math.min(products - 1, Math.max(0, near))
}
