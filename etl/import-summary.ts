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
  rejectsDir: string
  files: Record<SourceFileName, FileSummary>
  /** Wall-clock seconds of each phase. */
  phases: Record<string, number>
}
