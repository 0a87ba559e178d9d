/** What a column holds, which decides how its field is checked (contract §2). */
export type ColumnKind =
  /** int4 ≥ 1, unique in its file. */
  | 'id'
  /** int4 ≥ 1, the id of a row that must exist: see `parent`. */
  | 'parent'
  /** Any text; unquoted `null` is rejected. */
  | 'text'
  /** Any text; `null`, quoted or not, is NULL. */
  | 'nullableText'
  /** A url: text, with a leading `u` of `uhttps://` dropped. */
  | 'url'
  | 'price'
  /** A price; empty, unquoted `null` and 0 are NULL. */
  | 'nullablePrice'
  /** int4 ≥ 0. */
  | 'quantity'
  /** 0 or 1. */
  | 'flag'

export interface SourceColumn {
  /** The name in the header line and in reject files. */
  readonly name: string
  /** Another spelling that header lines may use. */
  readonly alias?: string
  readonly kind: ColumnKind
  /** The column of the table, where its name is not that of the header. */
  readonly column?: string
  /** The file whose ids this column must name. */
  readonly parent?: 'product.csv' | 'styles.csv'
}

export interface SourceFile {
  readonly name: SourceFileName
  /** The table of the release that its rows go to. */
  readonly table: string
  readonly columns: readonly SourceColumn[]
}

export type SourceFileName =
  | 'product.csv'
  | 'features.csv'
  | 'styles.csv'
  | 'photos.csv'
  | 'skus.csv'
  | 'related.csv'

/** The columns of the table that a file fills, in the order of the file. */
export const tableColumns = ({ columns }: SourceFile): string[] =>
  columns.map(({ name, column = name }) => column)

const id = { name: 'id', kind: 'id' } as const
const productId = { kind: 'parent', column: 'product_id', parent: 'product.csv' } as const
const styleId = {
  name: 'styleId',
  alias: 'style_id',
  kind: 'parent',
  column: 'style_id',
  parent: 'styles.csv',
} as const

/** The six files of a catalogue, parents before children. Columns stand in the order of the file and of its table. */
export const sourceFiles: readonly SourceFile[] = [
  {
    name: 'product.csv',
    table: 'product',
    columns: [
      id,
      { name: 'name', kind: 'text' },
      { name: 'slogan', kind: 'text' },
      { name: 'description', kind: 'text' },
      { name: 'category', kind: 'text' },
      { name: 'default_price', kind: 'price' },
    ],
  },
  {
    name: 'styles.csv',
    table: 'style',
    columns: [
      id,
      { ...productId, name: 'productId', alias: 'product_id' },
      { name: 'name', kind: 'text' },
      { name: 'sale_price', kind: 'nullablePrice' },
      { name: 'original_price', kind: 'price' },
      { name: 'default_style', kind: 'flag' },
    ],
  },
  {
    name: 'features.csv',
    table: 'feature',
    columns: [
      id,
      { ...productId, name: 'product_id', alias: 'productId' },
      { name: 'feature', kind: 'text' },
      { name: 'value', kind: 'nullableText' },
    ],
  },
  {
    name: 'photos.csv',
    table: 'photo',
    columns: [id, styleId, { name: 'url', kind: 'url' }, { name: 'thumbnail_url', kind: 'url' }],
  },
  {
    name: 'skus.csv',
    table: 'sku',
    columns: [id, styleId, { name: 'size', kind: 'text' }, { name: 'quantity', kind: 'quantity' }],
  },
  {
    name: 'related.csv',
    table: 'related',
    columns: [
      id,
      { ...productId, name: 'current_product_id', column: 'current_product_id' },
      { ...productId, name: 'related_product_id', column: 'related_product_id' },
    ],
  },
]
