import type { RejectReason } from './reject-reason.ts'
import type { SourceFileName } from './source-files.ts'

/** Raised when equal options begin to give other bytes. */
export const manifestVersion = 1

/**
 * What an import must make of a line: `loaded` is dirt that is merely accepted, `skipped` a blank line,
 * which is no row at all.
 */
export type Outcome = 'rejected' | 'repaired' | 'loaded' | 'skipped'

/** One damaged line. */
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

/** Dirt too common to list line by line, and in how many valid rows it stood before damage was planted. */
export interface CommonDirt {
  readonly file: SourceFileName
  readonly column: string
  readonly damage: string
  readonly rows: number
}

/** What an import must count for one file; loaded + rejected = lines. */
export interface FileCounts {
  /** Data lines: neither the header nor blank lines. */
  readonly lines: number
  /** Rows in the release, repaired ones among them. */
  readonly loaded: number
  readonly repaired: number
  readonly rejected: number
  readonly bytes: number
}

/** What decides the bytes of a catalogue. */
export interface CatalogueIdentity {
  readonly products: number
  readonly seed: number
  /** 1 is the usual amount of damage, 0 none. */
  readonly damage: number
}

/** The answer key of a generated catalogue: what it was made from, what an import must count, every damaged line. */
export interface Manifest extends CatalogueIdentity {
  readonly version: number
  readonly files: Readonly<Record<SourceFileName, FileCounts>>
  readonly common: readonly CommonDirt[]
  readonly damages: readonly PlantedDamage[]
}

/** How the file of a manifest begins: enough to tell whose folder it stands in without parsing it. */
export function manifestHead({ products, seed, damage }: CatalogueIdentity): string {
  return [
    '{',
    `"version": ${manifestVersion},`,
    `"products": ${products},`,
    `"seed": ${seed},`,
    `"damage": ${damage},`,
  ].join('\n')
}

/** The lines of the file after its head, one for each damage: greppable, and never one long string. */
export function* manifestTail({ files, common, damages }: Manifest): Generator<string, void> {
  yield `"files": {`
  yield* listed(Object.entries(files), ([name, counts]) => `"${name}": ${JSON.stringify(counts)}`)
  yield `},`
  yield `"common": [`
  yield* listed(common, (dirt) => JSON.stringify(dirt))
  yield `],`
  yield `"damages": [`
  yield* listed(damages, (damage) => JSON.stringify(damage))
  yield `]}`
}

function* listed<T>(items: readonly T[], text: (item: T) => string): Generator<string, void> {
  for (const [index, item] of items.entries()) {
    yield text(item) + (index < items.length - 1 ? ',' : '')
  }
}
