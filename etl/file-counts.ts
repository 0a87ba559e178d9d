import type { RejectReason } from './reject-reason.ts'

/** What became of the rows of one file, so far; at its end loaded + rejected = lines. */
export interface FileCounts {
  /** Rows: neither the header nor blank lines. */
  lines: number
  loaded: number
  /** Loaded rows of which a quote or a url was mended. */
  repaired: number
  rejected: number
  readonly rejectedBy: Map<RejectReason, number>
  /** Bytes of the file, uncompressed. */
  bytes: number
}

/** The counts before the first row. */
export const noCounts = (): FileCounts => ({
  lines: 0,
  loaded: 0,
  repaired: 0,
  rejected: 0,
  rejectedBy: new Map(),
  bytes: 0,
})

/** Throws unless each row was either loaded or rejected: a row lost without a word is the one thing that must not be. */
export function assertNoneLost(counts: FileCounts, path: string): void {
  const { lines, loaded, rejected } = counts
  if (loaded + rejected === lines) return
  throw new Error(`${path}: of ${lines} rows ${loaded} were loaded and ${rejected} rejected`)
}
