import type { Cells } from './generate-cells.ts'
import type { CommonDirt } from './generate-manifest.ts'
import type { SourceFileName } from './source-files.ts'

/** Counts the dirt that is everywhere in the real files, too often to list each line of it. */
export class CommonDirtCount {
  readonly #file: SourceFileName
  readonly #kinds: readonly { readonly kind: CommonKind; rows: number }[]

  constructor(file: SourceFileName) {
    this.#file = file
    this.#kinds = (commonKinds[file] ?? []).map((kind) => ({ kind, rows: 0 }))
  }

  see(cells: Cells): void {
    for (const count of this.#kinds) if (count.kind.is(cells)) count.rows++
  }

  result(): CommonDirt[] {
    return this.#kinds.map(({ kind: { column, damage }, rows }) => ({
      file: this.#file,
      column,
      damage,
      rows,
    }))
  }
}

interface CommonKind {
  readonly column: string
  readonly damage: string
  readonly is: (cells: Cells) => boolean
}

const commonKinds: Partial<Record<SourceFileName, readonly CommonKind[]>> = {
  'product.csv': [
    { column: 'description', damage: 'doubled blanks', is: (cells) => !!cells[3]?.includes('  ') },
  ],
  'features.csv': [
    { column: 'value', damage: 'null for no value', is: (cells) => cells[3] === 'null' },
  ],
  'styles.csv': [
    { column: 'sale_price', damage: 'null for no sale', is: (cells) => cells[3] === 'null' },
    { column: 'sale_price', damage: '0 for no sale', is: (cells) => cells[3] === '0' },
  ],
  'skus.csv': [
    {
      column: 'quantity',
      damage: 'a blank before a number',
      is: (cells) => cells[3]?.charCodeAt(0) === 0x20,
    },
  ],
  'related.csv': [
    {
      column: 'related_product_id',
      damage: 'a product related to itself',
      is: (cells) => cells[1] === cells[2],
    },
  ],
}
