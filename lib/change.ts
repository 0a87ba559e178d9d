/** Which answers of a product changed: its own three, and the lists that hold it. */
export type ChangedPart =
  | 'product'
  | 'styles'
  | 'related'
  /** As it stands in a list. */
  | 'listed'
  /** It came or went, so that every later page shifted. */
  | 'moved'

/** One row of catalog.change. */
export interface Change {
  readonly id: number
  /** The transaction that wrote it; 64 bits, of which 53 last for 285 years at a million a second. */
  readonly xid: number
  /** How long ago it was written when it was read, by the clock of the database that was read. */
  readonly ageMs: number
  readonly release: number
  readonly productIds: readonly number[]
  readonly parts: readonly ChangedPart[]
}

/** Whether pages of the list may have changed with it. */
export const concernsPages = ({ parts }: Change): boolean =>
  parts.includes('listed') || parts.includes('moved')
