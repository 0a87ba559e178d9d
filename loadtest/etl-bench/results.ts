import type { Conditions } from './conditions.ts'
import type { ImportLoad, Load } from './load.ts'
import type { WalLevel } from './options.ts'

/** What one bench has measured. */
export interface EtlBenchResult {
  readonly startedAt: string
  readonly command: string
  readonly commit: string
  readonly conditions: Conditions
  readonly products: number
  readonly levels: readonly LevelResult[]
  readonly growth: readonly GrowthResult[]
  /** Peak memory of one import run from its source, by tsx. */
  readonly sourceRssBytesMax: number
}

export interface LevelResult {
  readonly level: WalLevel
  readonly rounds: readonly Round[]
}

/** Both, one right after the other. */
export interface Round {
  readonly copy: Load
  readonly import: ImportLoad
}

export interface GrowthResult {
  readonly products: number
  readonly round: Round
}

/** How many times longer the import took. */
export const ratioOf = (round: Round): number => round.import.seconds / round.copy.seconds
