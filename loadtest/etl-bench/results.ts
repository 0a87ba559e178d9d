import type { Conditions } from './conditions.ts'
import type { ImportLoad, Load } from './load.ts'
import type { PhaseReads } from './measure-reads.ts'
import type { WalLevel } from './options.ts'

/** What every result says of its making. */
export interface Measured {
  readonly startedAt: string
  readonly command: string
  readonly commit: string
  readonly conditions: Conditions
  readonly products: number
}

/** How long reads took beside the ETL. */
export interface ReadsResult extends Measured {
  readonly rounds: number
  readonly readsPerSecond: number
  readonly reads: readonly PhaseReads[]
}

/** Imports against plain copies. */
export interface EtlBenchResult extends Measured {
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
