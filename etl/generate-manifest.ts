import type { SourceFileName } from './source-files.ts'

/** Why a row is rejected, in the words of the reject files. */
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

/**
 * What an import must make of a line: `loaded` is dirt that is merely accepted, `skipped` a blank line,
 * which is no row at all.
 */
export type Outcome = 'rejected' | 'repaired' | 'loaded' | 'skipped'

/** One damage and the line it was planted in. */
export interface PlantedDamage {
  readonly file: SourceFileName
  /** The physical line; the header is 1. */
  readonly line: number
  /** The header name of the damaged column, empty where the whole row is damaged. */
  readonly column: string
  readonly damage: string
  readonly outcome: Outcome
  /** Empty unless rejected. */
  readonly reason: RejectReason | ''
}

/** What an import must count for one file. */
export interface FileCounts {
  /** Data lines: neither the header nor blank lines. */
  lines: number
  /** Rows in the release, repaired ones among them. */
  loaded: number
  repaired: number
  rejected: number
}

/** The answer key of a generated catalogue: how it was made, what an import must count, and every damage. */
export interface Manifest {
  /** Raised when equal options begin to give other bytes. */
  readonly version: number
  readonly products: number
  readonly seed: number
  readonly damage: number
  readonly files: Readonly<Record<SourceFileName, FileCounts & { bytes: number }>>
  readonly damages: readonly PlantedDamage[]
}
