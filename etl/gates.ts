import type { SourceFileName } from './source-files.ts'

/** What may be wrong with a release before it is refused; shares are from 0 to 1. */
export interface GateLimits {
  /** Of a file's rows, how many may be rejected. */
  readonly rejectedShareMax: number
  /** Of a file's rows, how many may lack their parent. */
  readonly orphanShareMax: number
  /** How much smaller than in the live release a table may be. */
  readonly shrinkShareMax: number
  /** Below so many rows nothing counts as a share: a handful of rows is read by eye. */
  readonly rowsMin: number
}

export const defaultGateLimits: GateLimits = {
  rejectedShareMax: 0.1,
  orphanShareMax: 0.05,
  shrinkShareMax: 0.2,
  rowsMin: 100,
}

/** What the gates look at, for each file. */
export interface GatedCounts {
  readonly lines: number
  readonly loaded: number
  readonly rejected: number
  readonly rejectedBy: Readonly<Record<string, number>>
}

type CountsByFile = Partial<Record<SourceFileName, GatedCounts>>

/** The reasons to refuse a release, each a sentence; none when it may be published. `live` is the summary of the live one. */
export function gateRefusals(
  files: CountsByFile,
  live: CountsByFile | undefined,
  limits: GateLimits,
): string[] {
  const refusals: string[] = []
  if ((files['product.csv']?.loaded ?? 0) === 0) refusals.push('product.csv gave no product')
  for (const [name, counts] of Object.entries(files)) {
    const refuse = (share: number, shareMax: number, rows: number, what: string) => {
      if (rows < limits.rowsMin || share <= shareMax) return
      refusals.push(
        `${name}: ${percent(share)} of its rows ${what}, at most ${percent(shareMax)} may`,
      )
    }
    const orphans = counts.rejectedBy['orphan'] ?? 0
    const before = live?.[name as SourceFileName]?.loaded ?? 0
    const missing = before - counts.loaded
    refuse(counts.rejected / counts.lines, limits.rejectedShareMax, counts.rejected, 'are rejected')
    refuse(orphans / counts.lines, limits.orphanShareMax, orphans, 'lack their parent')
    refuse(missing / before, limits.shrinkShareMax, missing, 'are gone since the live release')
  }
  return refusals
}

const percent = (share: number) => `${(100 * share).toFixed(share < 0.1 ? 1 : 0)} %`
