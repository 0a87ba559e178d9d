import { distribution, Draw } from './generate-draw.ts'
import { GappyIds } from './generate-ids.ts'
import type { CatalogueIdentity } from './generate-manifest.ts'
import { sampleProducts, type SampleProduct } from './sample-products.ts'
import { categories, type SampleCategory } from './sample-words.ts'
import type { SourceFileName } from './source-files.ts'

// How many of 1024 products (styles) have 0, 1, 2 … of each. The means are those of the real files,
// so that 1,000,011 products have about as many rows in each file as the full set.
const featureCounts = distribution([72, 244, 339, 214, 92, 43, 15, 5])
const styleCounts = distribution([31, 516, 225, 113, 72, 27, 20, 10, 5, 3, 2])
const relatedCounts = distribution([41, 92, 118, 141, 156, 133, 118, 83, 61, 41, 20, 10, 10])
const photoCounts = distribution([31, 269, 224, 175, 123, 90, 51, 31, 20, 10])
const skuCounts = distribution([20, 81, 42, 41, 82, 122, 301, 101, 83, 81, 20, 20, 20, 10])

/** What several files must agree on about one product; each file draws the rest by itself. */
export interface ProductShape {
  /** The hand-written product, for the first eleven. */
  readonly sample: SampleProduct | undefined
  readonly category: SampleCategory
  readonly price: number
  readonly features: number
  readonly related: number
  /** Photos and skus of each style. */
  readonly styles: readonly StyleShape[]
}

interface StyleShape {
  readonly photos: number
  readonly skus: number
}

/**
 * The catalogue as a function of its size and seed: any product's shape and any row's id can be asked for
 * without those before it, so each file is written by itself and nothing is held in memory.
 */
export class Catalogue implements CatalogueIdentity {
  readonly products: number
  readonly seed: number
  /** 1 is the usual amount, 0 none: then not even the dirt that is common in the real files is written. */
  readonly damage: number
  readonly productIds: GappyIds
  readonly styleIds: GappyIds
  readonly #shapes: Draw

  constructor({ products, seed, damage }: CatalogueIdentity) {
    this.products = products
    this.seed = seed
    this.damage = damage
    this.productIds = new GappyIds(seed, 'product.csv', [Math.floor(products / 2), products])
    this.styleIds = new GappyIds(seed, 'styles.csv')
    this.#shapes = new Draw(seed, 'shape')
  }

  get isDirty(): boolean {
    return this.damage > 0
  }

  /** The ids of one file's rows, by the order in which its rows are made. */
  idsOf(file: SourceFileName): GappyIds {
    if (file === 'product.csv') return this.productIds
    return file === 'styles.csv' ? this.styleIds : new GappyIds(this.seed, file)
  }

  /** `index` counts from 0: the product's place, not its id. */
  shapeOf(index: number): ProductShape {
    return sampleShapes[index] ?? randomShape(this.#shapes.at(index))
  }

  /** Counts the rows of every file: a second for the full set, and then progress and damage know the whole. */
  census(): Record<SourceFileName, number> {
    const rows = { features: 0, styles: 0, photos: 0, skus: 0, related: 0 }
    for (let index = 0; index < this.products; index++) {
      const shape = this.shapeOf(index)
      rows.features += shape.features
      rows.related += this.relatedOf(shape)
      rows.styles += shape.styles.length
      for (const style of shape.styles) {
        rows.photos += style.photos
        rows.skus += style.skus
      }
    }
    return {
      'product.csv': this.products,
      'styles.csv': rows.styles,
      'features.csv': rows.features,
      'photos.csv': rows.photos,
      'skus.csv': rows.skus,
      'related.csv': rows.related,
    }
  }

  /** Related rows of a shape: in a catalogue of fewer than eleven products some samples name ids it lacks. */
  relatedOf(shape: ProductShape): number {
    if (shape.sample === undefined) return shape.related
    return shape.sample.related.filter((id) => id <= this.products).length
  }
}

const sampleShapes: readonly ProductShape[] = sampleProducts.map((sample) => ({
  sample,
  category: categories.find(({ name }) => name === sample.category) as SampleCategory,
  price: sample.price,
  features: sample.features.length,
  related: sample.related.length,
  styles: sample.styles.map(({ photos, skus }) => ({ photos, skus: skus.length })),
}))

function randomShape(draw: Draw): ProductShape {
  const category = draw.pick(categories)
  const price = randomPrice(draw, category)
  const features = draw.count(featureCounts)
  const related = draw.count(relatedCounts)
  const styles: StyleShape[] = []
  for (let rest = draw.count(styleCounts); rest > 0; rest--) {
    styles.push({ photos: draw.count(photoCounts), skus: draw.count(skuCounts) })
  }
  return { sample: undefined, category, price, features, related, styles }
}

// The lower of two draws: cheap things are more common. One in forty is a special edition at ten times the price.
function randomPrice(draw: Draw, { priceMin, priceMax }: SampleCategory): number {
  const span = priceMax - priceMin + 1
  const price = priceMin + Math.min(draw.below(span), draw.below(span))
  return draw.oneIn(40) ? price * 10 : price
}
