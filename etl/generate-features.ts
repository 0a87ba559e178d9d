import type { Catalogue } from './generate-catalogue.ts'
import { quoted, type Cells } from './generate-cells.ts'
import { Draw } from './generate-draw.ts'
import { features } from './sample-words.ts'

/** The rows of features.csv. A feature without a value is `null`, bare or (rarely) in quotes. */
export function* featureRows(catalogue: Catalogue): Generator<Cells, void> {
  const draw = new Draw(catalogue.seed, 'features')
  const ids = catalogue.idsOf('features.csv')
  let row = 0
  for (let index = 0; index < catalogue.products; index++) {
    const { sample, features: count } = catalogue.shapeOf(index)
    const productId = String(catalogue.productIds.idOf(index))
    draw.at(index)
    const first = draw.below(features.length)
    for (let nth = 0; nth < count; nth++) {
      const [feature, value] = sample?.features[nth] ?? randomFeature(draw, first + nth * 5)
      yield [String(ids.idOf(row++)), productId, quoted(feature), nullable(value)]
    }
  }
}

// Steps of five through the list (24 long) give one product no feature twice.
function randomFeature(draw: Draw, place: number): readonly [string, string | null] {
  const { name, values } = features[place % features.length] as (typeof features)[number]
  if (values.length === 0) return [name, null]
  return [name, draw.oneIn(300) ? '' : draw.pick(values)]
}

function nullable(value: string | null): string {
  return value === null ? 'null' : quoted(value)
}
