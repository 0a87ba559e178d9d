/** One hand-written product. Its ids of styles, photos and skus follow from the order; its own is its place, from 1. */
export interface SampleProduct {
  readonly name: string
  readonly slogan: string
  readonly description: string
  readonly category: string
  readonly price: number
  /** Feature and value; `null` is written bare, the text `null` in quotes: both mean no value. */
  readonly features: readonly (readonly [feature: string, value: string | null])[]
  readonly styles: readonly SampleStyle[]
  readonly related: readonly number[]
}

interface SampleStyle {
  readonly name: string
  /** 0 and null both mean no sale, and are written as they stand here. */
  readonly salePrice: number | null
  readonly isDefault: boolean
  /** How many photos; which ones does not matter. */
  readonly photos: number
  readonly skus: readonly (readonly [size: string, quantity: number])[]
}

const letterSizes = [
  ['XS', 8],
  ['S', 16],
  ['M', 17],
  ['L', 10],
  ['XL', 15],
  ['XXL', 4],
] as const

const shoeSizes = [
  ['7', 14],
  ['7.5', 25],
  ['8', 9],
  ['8.5', 2],
  ['9', 18],
  ['9.5', 12],
  ['10', 10],
  ['10.5', 18],
  ['11', 11],
  ['11.5', 35],
  ['12', 25],
] as const

/** The first products of every catalogue, whatever its seed: the cases that readers and imports get wrong. */
export const sampleProducts: readonly SampleProduct[] = [
  {
    name: 'Thicket Onesie',
    slogan: 'Out of sight, in good taste',
    description:
      'The Thicket Onesie hides you from everything but a compliment. Ripstop outside, brushed fleece inside, and a hood deep enough for second thoughts.',
    category: 'Jackets',
    price: 140,
    features: [
      ['Fabric', 'Canvas'],
      ['Buttons', 'Brass'],
    ],
    styles: [
      style('Forest Green & Black', null, true, 6, letterSizes),
      style('Desert Brown & Tan', null, false, 6, letterSizes),
      style('Ocean Blue & Grey', 100, false, 6, letterSizes),
      style('Digital Red & Black', 0, false, 6, letterSizes),
      style('Sky Blue & White', 100, false, 6, letterSizes),
      style('Dark Grey & Black', null, false, 6, letterSizes),
    ],
    related: [2, 3, 8, 7],
  },
  {
    name: 'Noonday Sunglasses',
    slogan: 'Where you are going there might be no shade, but there will be you',
    description:
      'A broad frame for broad daylight. Even on a dull day they make the weather look deliberate.',
    category: 'Accessories',
    price: 69,
    features: [
      ['Lenses', 'Smoked Amber'],
      ['UV Protection', null],
      ['Frame', 'DuraBamboo'],
    ],
    styles: [
      style('Black Lenses & Black Frame', null, true, 5, [['One Size', 14]]),
      style('Black Lenses & Gold Frame', 49, false, 4, [['One Size', 12]]),
      style('Rose Lenses & Silver Frame', 0, false, 4, [['One Size', 9]]),
    ],
    related: [3, 7, 2],
  },
  {
    name: 'Daybreak Joggers',
    slogan: 'Up early, or still up',
    description:
      'Whether you are a morning person, or not, or only when asked: soft, warm, and quick to dry.  Two blanks came before this sentence, and  two within it.',
    category: 'Pants',
    price: 40,
    features: [
      ['Fabric', '100% Cotton'],
      ['Cut', 'Skinny, cropped at 28"'],
    ],
    styles: [style('Black', null, true, 3, letterSizes), style('Grey', 35, false, 1, letterSizes)],
    related: [3, 7, 3, 1],
  },
  {
    name: 'The "Slacker" Slacks',
    slogan: 'Comfortable for everything, or nothing, or "later"',
    description:
      'Our tailors say "fine", our testers say "mine". The waistband measures 34", give or take a "generous" lunch.',
    category: 'Pants',
    price: 65,
    features: [
      ['Fabric', '99% Cotton, 1% "Other"'],
      ['Cut', 'Loose'],
      ['Care', ''],
    ],
    styles: [
      style('"Midnight", faded', null, true, 2, [
        ['30', 5],
        ['32', 0],
        ['34', 21],
      ]),
      style('Sand, "Storm" & Ink', 0, false, 2, [['One Size', 3]]),
    ],
    related: [10, 1, 9, 11],
  },
  {
    name: 'Heir’s Kicks 2077',
    slogan: 'Priced so that nobody asks',
    description: 'One pair, one price. It is the largest figure in the catalogue, and it is meant.',
    category: 'Kicks',
    price: 500_000_000,
    features: [
      ['Sole', 'Rubber'],
      ['Material', 'FullControlSkin'],
      ['Mid-Sole', 'ControlSupport Arch Bridge'],
      ['Stitching', 'Double Stitch'],
    ],
    styles: [
      style('White & White', 425_000_000, true, 1, shoeSizes),
      style('White & Red', null, false, 1, shoeSizes),
      style('Black & Red', 0, false, 1, shoeSizes),
    ],
    related: [1, 2, 3],
  },
  {
    name: 'Plain Tee',
    slogan: 'Nothing to say about it',
    description: 'A tee without a single feature.',
    category: 'Tees',
    price: 18,
    features: [],
    styles: [style('White', null, true, 2, letterSizes)],
    related: [],
  },
  {
    name: 'Undecided Beanie',
    slogan: 'None of them is the default',
    description: 'Two colours and no favourite: neither style of this hat is the default one.',
    category: 'Hats',
    price: 22,
    features: [['Fit', 'Relaxed']],
    styles: [
      style('Moss', null, false, 1, [['One Size', 40]]),
      style('Rust', 17, false, 1, [['One Size', 0]]),
    ],
    related: [7, 7, 1],
  },
  {
    name: 'Invisible Cloak',
    slogan: 'You will know it when you do not see it',
    description: 'The camera found nothing to show: its first style has no photo.',
    category: 'Coats',
    price: 310,
    features: [['Lining', 'Satin']],
    styles: [
      style('Clear', null, true, 0, letterSizes),
      style('Nearly Clear', null, false, 1, letterSizes),
    ],
    related: [1, 9, 10],
  },
  {
    name: 'Sold-Out Boots',
    slogan: 'Gone before they arrived',
    description: 'One style has no sku at all; the other lists the size 9 twice.',
    category: 'Boots',
    price: 1_450,
    features: [['Sole', 'Crêpe']],
    styles: [
      style('Walnut', null, true, 2, []),
      style('Espresso', 1_180, false, 2, [
        ['8', 4],
        ['9', 7],
        ['9', 11],
        ['10', 2],
      ]),
    ],
    related: [5, 8],
  },
  {
    name: 'Polyglot Scarf 🧣',
    slogan: 'Écharpe, Schal, マフラー, шарф, وشاح, 𝒮𝒸𝒶𝓇𝒻',
    description:
      'Says 👋🏽 in every script, flags 🏴󠁧󠁢󠁳󠁣󠁴󠁿 included, from naïve to 𠜎. Combining e\u0301 and ready-made é both keep you warm.',
    category: 'Scarves & Gloves',
    price: 35,
    features: [
      ['Pattern 🎨', 'null'],
      ['Füllung', 'Daunen 🪶'],
      ['Vegan', null],
    ],
    styles: [style('Sunset 🌅 & 夜', 0, true, 2, [['Größe 1', 6]])],
    related: [2, 10],
  },
  {
    name: 'Concept Coat',
    slogan: 'Coming soon, or not',
    description: 'An idea without a style: nothing to choose, nothing to buy.',
    category: 'Coats',
    price: 999,
    features: [['Origin', 'Made to order']],
    styles: [],
    related: [1, 2],
  },
]

function style(
  name: string,
  salePrice: number | null,
  isDefault: boolean,
  photos: number,
  skus: SampleStyle['skus'],
): SampleStyle {
  return { name, salePrice, isDefault, photos, skus }
}
