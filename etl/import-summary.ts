import type { ReleaseDiff } from './diff.ts'
import type { SourceFileName } from './source-files.ts'

/** What became of one file's rows; `lines` are data lines, blank ones are not rows. */
export interface FileSummary {
  lines: number
  loaded: number
  repaired: number
  rejected: number
  /** Rejected rows by reason. */
  rejectedBy: Record<string, number>
  bytes: number
  seconds: number
}

/** What an import did, as `--summary` writes it. */
export interface ImportSummary {
  release: number
  published: boolean
  /** Why the release was not published; empty when it was. */
  refusals: string[]
  /** Where the rejected rows are; null when a dry run was not asked to keep them. */
  rejectsDir: string | null
  files: Record<SourceFileName, FileSummary>
  /** How many seconds connections were busy with each phase. Phases overlap: the sum is more than has passed. */
  phases: Record<string, number>
  /** Of a dry run: how the catalogue would change against the live release, where there is one. */
  diff?: ReleaseDiff
}
