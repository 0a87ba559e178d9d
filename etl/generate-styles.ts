import type { Catalogue, ProductShape } from './generate-catalogue.ts'
import { quoted, type Cells } from './generate-cells.ts'
import { Draw } from './generate-draw.ts'
import { styleName } from './sample-texts.ts'

/** The rows of styles.csv. No sale is `null`, and `0` in about every eighth style without one. */
export function* styleRows(catalogue: Catalogue): Generator<Cells, void> {
  const draw = new Draw(catalogue.seed, 'styles')
  let row = 0
  for (let index = 0; index < catalogue.products; index++) {
    const shape = catalogue.shapeOf(index)
    const productId = String(catalogue.productIds.idOf(index))
    draw.at(index)
    const chosen = defaultStyle(draw, shape)
    for (let nth = 0; nth < shape.styles.length; nth++) {
      const sample = shape.sample?.styles[nth]
      yield [
        String(catalogue.styleIds.idOf(row++)),
        productId,
        quoted(sample?.name ?? styleName(draw)),
        salePrice(
          sample === undefined ? randomSale(draw, shape.price) : sample.salePrice,
          catalogue,
        ),
        String(shape.price),
        (sample?.isDefault ?? nth === chosen) ? '1' : '0',
      ]
    }
  }
}

// Mostly the first; one product in a hundred has no default style.
function defaultStyle(draw: Draw, shape: ProductShape): number {
  if (draw.oneIn(100)) return -1
  return draw.below(10) < 8 ? 0 : draw.below(Math.max(1, shape.styles.length))
}

function randomSale(draw: Draw, price: number): number | null {
  const kind = draw.below(32)
  if (kind < 8) return Math.max(1, price - Math.floor((price * (10 + draw.below(50))) / 100))
  return kind < 11 ? 0 : null
}

function salePrice(price: number | null, { isDirty }: Catalogue): string {
  return price === null || (price === 0 && !isDirty) ? 'null' : String(price)
}
