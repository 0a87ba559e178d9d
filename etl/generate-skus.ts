import type { Catalogue } from './generate-catalogue.ts'
import { quoted, type Cells } from './generate-cells.ts'
import { Draw } from './generate-draw.ts'
import { sizes, type Sizing } from './sample-words.ts'

/** The rows of skus.csv. About one quantity in fifty has a blank before it. */
export function* skuRows(catalogue: Catalogue): Generator<Cells, void> {
  const draw = new Draw(catalogue.seed, 'skus')
  const ids = catalogue.idsOf('skus.csv')
  let row = 0
  let style = 0
  for (let index = 0; index < catalogue.products; index++) {
    const shape = catalogue.shapeOf(index)
    draw.at(index)
    for (let nth = 0; nth < shape.styles.length; nth++) {
      const styleId = String(catalogue.styleIds.idOf(style++))
      const count = shape.styles[nth]?.skus ?? 0
      const skus = shape.sample?.styles[nth]?.skus ?? randomSkus(draw, shape.category.sizing, count)
      for (const [size, quantity] of skus) {
        // Drawn even when unused, so that a clean catalogue holds the same values.
        const blank = draw.oneIn(50) && catalogue.isDirty ? ' ' : ''
        yield [String(ids.idOf(row++)), styleId, quoted(size), `${blank}${quantity}`]
      }
    }
  }
}

type Sku = readonly [size: string, quantity: number]

function randomSkus(draw: Draw, sizing: Sizing, count: number): Sku[] {
  if (count === 1) return [['One Size', randomQuantity(draw)]]
  const all = sizes[sizing]
  const first = draw.below(all.length - count + 1)
  const skus: Sku[] = []
  for (let nth = 0; nth < count; nth++) {
    skus.push([all[first + nth] as string, randomQuantity(draw)])
  }
  return skus
}

// Mostly a few, one in sixteen sold out.
function randomQuantity(draw: Draw): number {
  return draw.oneIn(16) ? 0 : 1 + Math.min(draw.below(60), draw.below(60))
}
