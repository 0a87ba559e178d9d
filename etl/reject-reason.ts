/** Why a row is not loaded. */
export type RejectReason =
  | 'column count'
  | 'quote'
  | 'number'
  | 'out of range'
  | 'price'
  | 'null'
  | 'flag'
  | 'invalid UTF-8'
  | 'NUL'
  | 'too long'
  | 'orphan'
  | 'duplicate'

/** What is wrong with a row, and in which column of its file; the column is empty for the whole row. */
export interface Refusal {
  readonly reason: RejectReason
  readonly column: string
}
